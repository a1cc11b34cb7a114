import { describe, expect, it } from "vitest";
import { base, deployment, host, load, told } from "./shop-project.ts";

const api = '{ repository: shop, tag: "api-{version}" }';
const ui = '{ repository: shop, tag: "ui-{version}" }';

/** The shop with these images; its objects run `shop` with each of the tags. */
const shop = (...images: readonly string[]): string =>
  base.replace("[shop-api]", `[${images.join(", ")}]`);
const running = (...tags: readonly string[]): readonly string[] =>
  tags.map((tag, index) =>
    deployment.replace("name: api }", `name: api-${index} }`).replace("shop-api", `shop${tag}`),
  );
/** A second application, whose images are in the same repository. */
const second = (image: string, tags = 'release: "live-{version}"'): string => `
  other:
    images: [${image}]
    source: { tag: "other-{version}" }
    environments:
      production:
        tags: { ${tags} }
`;

describe("images of one repository", () => {
  it("have names of their own, and words in their tags", async () => {
    const loaded = await load(
      shop(api, '{ repository: shop, tag: "ui-{version}", name: web }', "shop-worker"),
      ...running(":api-latest", ":ui-latest", "-worker"),
    );
    expect(loaded).toMatchObject({
      kind: "ok",
      configuration: {
        applications: {
          shop: {
            members: [
              { name: "shop-api", repository: "shop", word: "api" },
              { name: "web", repository: "shop", word: "web" },
              { name: "shop-worker", repository: "shop-worker", word: undefined },
            ],
          },
        },
      },
    });
  });

  it.each([
    [":latest", "with the tag latest it is not clear which one is meant"],
    ["", "without a tag it is not clear which one is meant"],
  ])("are told apart by the tag in the objects, and not by %j", async (tag, message) => {
    const [found, ...others] = await told(shop(api, ui), ...running(":api-1", ":ui-1", tag));
    expect(found).toContain(`shop has several images, and ${message}`);
    expect(found).toContain("write shop:api-latest for shop-api, or shop:ui-latest for shop-ui");
    expect(others).toEqual([]);
  });

  it("are all used", async () => {
    expect(await told(shop(api, ui), ...running(":api-latest"))).toEqual(
      Array.from({ length: 2 }, () =>
        expect.stringMatching(
          new RegExp(`no object in deploy runs shop-ui -> write ${host}/shop:ui-latest`),
        ),
      ),
    );
  });

  it.each([
    [
      "one tag can be of two",
      ['{ repository: shop, tag: "a-{version}" }', '{ repository: shop, tag: "{version}" }'],
      [],
    ],
    [
      "patterns overlap",
      ['{ repository: shop, tag: "a-{version}" }', '{ repository: shop, tag: "a-{version}" }'],
      [
        /a tag of shop can match a-\{version\} and a-\{version\} -> begin them with different words/,
      ],
    ],
    [
      "two names are the same",
      [api, '{ repository: shop, tag: "x-{version}", name: shop-api }'],
      [/shop has two images named shop-api -> give one of them another name/],
    ],
    [
      "a key is missing",
      ["{ repository: shop }"],
      [/images\[0\]\.tag is missing -> add it: Tags that the builds push for this image/],
    ],
  ])("when %s", async (_, images, expected) => {
    const found = await told(shop(...images), ...running(":a-1", ":1", ":api-1", ":x-1"));
    const about = found.filter((fault) => fault.startsWith("7:"));
    expect(about).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as string));
  });
});

describe("applications of one repository", () => {
  it("are apart by the tags of their builds", async () => {
    expect(await told(`${shop(api)}${second(ui)}`, ...running(""))).toEqual([]);
  });

  it("may not push the same tag", async () => {
    expect(await told(`${shop(api)}${second(api)}`, ...running(""))).toEqual([
      expect.stringContaining("can match api-{version} and api-{version} of application shop"),
    ]);
  });

  it("may not write the same tag, nor one that the other pushes", async () => {
    const same = second(
      '{ repository: shop, tag: "ui-{version}", name: api }',
      'release: "prod-{version}"',
    );
    expect(await told(`${shop(api)}${same}`, ...running(""))).toEqual([
      expect.stringContaining("tags.release of other/production can be a tag of shop/production"),
    ]);
    const loop = second(ui, 'release: "{version}", moving: api');
    expect(await told(`${shop(api)}${loop}`, ...running(""))).toEqual([
      expect.stringContaining("can be taken for the source ui-{version}"),
    ]);
  });

  it("never run an image of the other", async () => {
    expect(await told(`${shop(api)}${second(ui)}`, ...running(":ui-7"))).toEqual([
      expect.stringContaining(
        "this tag of shop is one of shop-ui, an image of application other (ui-{version})",
      ),
    ]);
  });
});
