import { describe, expect, it } from "vitest";
import { base, deployment, load, told } from "./shop-project.ts";

const brought = base.replaceAll("files: deploy", "artifact: shop-manifests");

it("an artifact is one more member, and its objects come with each release", async () => {
  expect(await load(brought)).toMatchObject({
    kind: "ok",
    podSpecs: { "shop/production": [] },
    configuration: {
      applications: {
        shop: {
          members: [{ name: "shop-api" }, { name: "shop-manifests" }],
          environments: {
            production: {
              podSpec: { objects: { kind: "artifact", repository: "shop-manifests" } },
            },
          },
        },
      },
    },
  });
});

describe("an artifact is a fault", () => {
  it("that is an image too", async () => {
    const [fault] = await told(brought.replaceAll("shop-manifests", "shop-api"));
    expect(fault).toMatch(
      /^12:\d+ shop-api is an image of shop -> push the objects to a repository/,
    );
  });

  it("of two applications", async () => {
    const other = `  other:
    images: [other-api]
    source: { tag: "dev-{version}" }
    environments:
      production:
        tags: { release: "prod-{version}" }
        podSpec: { cluster: prod, namespace: other, artifact: shop-manifests }
`;
    expect(await told(brought + other)).toEqual([
      expect.stringMatching(
        /^23:\d+ shop-manifests already belongs to shop -> give each application/,
      ),
    ]);
  });

  it("that is no repository", async () => {
    expect(await told(brought.replace("artifact: shop-manifests", "artifact: Shop"))).toEqual([
      expect.stringMatching(/^12:\d+ "Shop" is not a valid repository/),
    ]);
  });

  it("beside files", async () => {
    const both = base.replace("files: deploy", "files: deploy, artifact: shop-manifests");
    expect(await told(both, deployment)).toEqual([
      expect.stringMatching(/several sources of objects: files and artifact -> /),
    ]);
  });
});
