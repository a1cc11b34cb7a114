import {
  chooseImage,
  type Content,
} from "@promoter/local-cloud/internal/containerd/choose-image.ts";
import fc, { type GeneratorValue } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digest } from "../../../../src/domain/image/digest.ts";
import { parsePlatform } from "../../../../src/domain/image/platform.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import type { StoredManifest } from "../../../../src/domain/image/stored-manifest.ts";
import { exists } from "../../../../src/domain/rules/exists.ts";
import type { ImageFacts } from "../../../../src/domain/rules/facts.ts";
import { rulesSchema } from "../../../../src/domain/rules/index.ts";
import { runsOnPlatforms } from "../../../../src/domain/rules/runs-on-platforms.ts";
import { readImageFacts } from "../../../../src/promotion/release/read-image-facts.ts";
import { aWorld } from "../../../builders/a-world.ts";
import { fakeImageRegistry, type FakeImageRegistry } from "../../../fakes/image-registry.ts";
import { fakeScanReports } from "../../../fakes/scan-reports.ts";

const repository = "shop-api" as RepositoryName;
const oci = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
const amd64 = { os: "linux", architecture: "amd64" };
const annotations = { "vnd.docker.reference.type": "attestation-manifest" };

interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** A registry that holds anything, and what is found out about an image of it. */
function aRegistry() {
  const registry = fakeImageRegistry({ now: () => 0 });
  const scans = fakeScanReports();
  registry.addRepository(repository);
  const blob = (content: string | Uint8Array, mediaType: string): Descriptor => {
    const bytes = Buffer.from(content);
    return { mediaType, digest: registry.addBlob(repository, bytes), size: bytes.length };
  };
  const manifest = (mediaType: string, document: object | string): Descriptor & StoredManifest => {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    return {
      ...registry.addManifest(repository, { mediaType, text }),
      size: Buffer.byteLength(text),
    };
  };
  let images = 0;
  const image = (platform: object = amd64, change: object = {}): Descriptor => {
    const layer = blob(`layer ${(images += 1)}`, oci.layer);
    return descriptorOf(
      manifest(oci.manifest, {
        schemaVersion: 2,
        config: blob(JSON.stringify({ ...platform, n: images }), oci.config),
        layers: [layer],
        ...change,
      }),
    );
  };
  const index = (manifests: readonly object[], change: object = {}): Descriptor =>
    descriptorOf(manifest(oci.index, { schemaVersion: 2, manifests, ...change }));
  const facts = async (digest: Digest): Promise<ImageFacts> => {
    const environment = {
      rules: rulesSchema.parse({ scan: {}, platforms: ["linux/amd64"] }),
      tags: { release: { prefix: "prod-", suffix: "" }, moving: undefined },
    };
    const reading = {
      member: { repository, digest },
      promotion: { id: "p-1", version: "1.0.0" },
      found: { environment, application: { members: [], environments: {} } },
    };
    return (
      await readImageFacts(reading as never, {
        ...aWorld(),
        registry,
        scans,
        promotions: { keepManifest: async () => undefined },
      })
    ).facts;
  };
  return { registry, scans, blob, manifest, image, index, facts };
}

function descriptorOf({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

const refusalOf = async (
  world: ReturnType<typeof aRegistry>,
  { digest }: Descriptor,
): Promise<string> => {
  const { kind, reason } = exists.check(await world.facts(digest));
  return kind === "refuse" ? reason : "it exists";
};

describe("the images that are judged", () => {
  it("are the children of an index and of the indexes in it, each once, with what is said of their platform", async () => {
    const world = aRegistry();
    const [one, two, three] = [
      world.image(),
      world.image({ os: "linux", architecture: "arm64" }),
      world.image({ os: "linux", architecture: "s390x" }),
    ];
    const nested = world.index([
      { ...two, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      { ...one, platform: amd64 },
    ]);
    const top = world.index([
      { ...nested, platform: amd64 },
      three,
      { ...one, platform: amd64, annotations },
      { ...world.image({}), platform: { os: "unknown", architecture: "unknown" } },
    ]);
    const { state } = await world.facts(top.digest);
    expect(state).toMatchObject({
      kind: "present",
      images: [
        { digest: three.digest, platform: "linux/s390x" },
        { digest: one.digest, platform: "linux/amd64" },
        { digest: two.digest, platform: "linux/arm64" },
      ],
    });
    expect(world.scans.asked.map(({ digest }) => digest).toSorted()).toEqual(
      [one, two, three].map(({ digest }) => digest).toSorted(),
    );
  });

  it("take one call a level of indexes, and one for the layers of all of them", async () => {
    const world = aRegistry();
    const nested = world.index([
      { ...world.image(), platform: amd64 },
      { ...world.image(), platform: amd64 },
    ]);
    await world.facts(world.index([nested, { ...world.image(), platform: amd64 }]).digest);
    expect(world.registry.calls).toEqual([
      "readImage",
      "describeImage",
      "readManifests",
      "readManifests",
      "missingLayers",
      "readBlob",
      "readBlob",
      "readBlob",
    ]);
  });

  it("take five calls for an image that is not an index, the scan among them", async () => {
    const world = aRegistry();
    await world.facts(world.image().digest);
    expect(world.registry.calls).toEqual([
      "readImage",
      "describeImage",
      "missingLayers",
      "readBlob",
    ]);
    expect(world.scans.asked).toHaveLength(1);
  });
});

describe("an image is refused", () => {
  const world = aRegistry();
  const good = { ...world.image(), platform: amd64 };
  const missing = `sha256:${"0".repeat(64)}`;
  const layerOf = (mediaType: string, fields: object): object => ({
    mediaType,
    digest: missing,
    size: 1,
    ...fields,
  });
  const chain = (depth: number): Descriptor =>
    depth === 0 ? world.image() : world.index([chain(depth - 1)]);
  const wide = (count: number): Descriptor =>
    world.index(Array.from({ length: count }, () => world.image()));
  const chart = world.image(
    {},
    { config: world.blob("{}", "application/vnd.cncf.helm.config.v1+json") },
  );
  const latin = world.image(amd64, {
    config: world.blob(Buffer.from('{"author":"\xe9"}', "latin1"), oci.config),
  });
  const twice = world.image(amd64, {
    config: world.blob('{"os":"linux","architecture":"amd64","OS":"windows"}', oci.config),
  });

  it.each<readonly [string, Descriptor, RegExp | string]>([
    [
      "that a node could not pull, because a layer of a nested index is gone",
      world.index([good, world.index([world.image(amd64, { layers: [layerOf(oci.layer, {})] })])]),
      `${missing} missing`,
    ],
    [
      "with the annotation of an attestation over a missing layer",
      world.index([
        {
          ...world.image(amd64, { layers: [layerOf(oci.layer, {})] }),
          platform: amd64,
          annotations,
        },
        good,
      ]),
      `${missing} missing`,
    ],
    [
      "with a layer that nodes fetch from elsewhere",
      world.image(amd64, { layers: [layerOf(foreign, { urls: ["https://example.com/x"] })] }),
      `nodes would fetch ${missing} from elsewhere, where no scanner sees it`,
    ],
    [
      "with a foreign layer without an address, which is missing",
      world.image(amd64, { layers: [layerOf(foreign, {})] }),
      `${missing} missing`,
    ],
    [
      "with an artifact among its children",
      world.index([good, { ...chart, platform: amd64 }]),
      `${chart.digest} in it is an artifact and not an image: its config is of the type "application/vnd.cncf.helm.config.v1+json"`,
    ],
    [
      "with a child whose config is read differently",
      world.index([{ ...twice, platform: amd64 }]),
      `the config of ${twice.digest} has the key "OS", which nodes read as "os" and others do not`,
    ],
    ["whose config is not UTF-8", latin, `the config of ${latin.digest} is not UTF-8`],
    [
      "whose config has another size than it says",
      world.image(amd64, { config: { ...world.blob("{}", oci.config), size: 3 } }),
      "declares a config of 3 bytes, but it has 2, and nodes refuse that",
    ],
    [
      "with a child of another size than it says",
      world.index([{ ...good, size: 7 }]),
      /says that sha256:\w+ has 7 bytes, but it has \d+, and nodes refuse that/,
    ],
    [
      "with an index that it calls an image",
      world.index([{ ...world.index([good]), mediaType: oci.manifest }]),
      /calls sha256:\w+ an image, but it is an index/,
    ],
    [
      "with a second list of children in another case",
      world.index([good], { Manifests: [] }),
      'it has the key "Manifests", which nodes read as "manifests" and others do not',
    ],
    ["that is nested too deep", chain(5), "its indexes are nested more than 4 deep"],
    ["that holds too much", wide(64), "it holds more than 64 images and indexes"],
  ])("%s", async (_, { digest }, reason) => {
    const { kind, reason: told } = exists.check(await world.facts(digest));
    expect(kind).toBe("refuse");
    expect(told).toMatch(reason);
  });

  it.each([
    ["with four indexes in each other", () => chain(4)],
    ["with 63 children", () => wide(63)],
  ])("but not one %s", async (_, make) => {
    expect(await refusalOf(world, make())).toBe("it exists");
  });

  it.each([
    ["one child", () => [{ ...good, size: 8 * 1024 * 1024 }]],
    [
      "all children together",
      () => Array.from({ length: 4 }, () => ({ ...world.image(), size: 2 * 1024 * 1024 })),
    ],
    ["one of two entries for the same child", () => [good, { ...good, size: 8 * 1024 * 1024 }]],
    [
      "a child of no finite size",
      () => JSON.stringify([good]).replace(/"size":\d+/, '"size":1e400'),
    ],
  ])("that names too many bytes in %s, before any child is read", async (_, make) => {
    const children = make();
    const top = world.manifest(
      oci.index,
      `{"schemaVersion":2,"manifests":${typeof children === "string" ? children : JSON.stringify(children)}}`,
    );
    const calls = world.registry.calls.length;
    expect(await refusalOf(world, top)).toMatch(/its manifests have more than 8 MiB/);
    expect(world.registry.calls.slice(calls)).not.toContain("readManifests");
  });

  it("that names too many bytes over several levels, without reading the last", async () => {
    const inner = world.index([{ ...good, size: 5 * 1024 * 1024 }]);
    const large = world.index([good], { annotations: { a: "a".repeat(4_000_000) } });
    const calls = world.registry.calls.length;
    expect(await refusalOf(world, world.index([inner, large]))).toMatch(
      /its manifests have more than 8 MiB/,
    );
    expect(
      world.registry.calls.slice(calls).filter((call) => call === "readManifests"),
    ).toHaveLength(1);
  });

  it("but not for fewer bytes: its children are read", async () => {
    expect(
      await refusalOf(world, world.index([{ ...good, size: 8 * 1024 * 1024 - 1024 }])),
    ).toContain("and nodes refuse that");
  });

  it("without following indexes any further than that", async () => {
    const calls = world.registry.calls.length;
    await world.facts(chain(40).digest);
    expect(
      world.registry.calls.slice(calls).filter((call) => call === "readManifests"),
    ).toHaveLength(4);
  });

  it("in no time when indexes stand in each other in many ways", async () => {
    let top = world.index([good]);
    const all: Descriptor[] = [top];
    for (let at = 0; at < 60; at += 1) all.push((top = world.index([top, top])));
    expect(await refusalOf(world, world.index(all.slice(-63)))).toContain(
      "its indexes are nested more than 4 deep",
    );
  });
});

// ---- Whatever containerd would run was judged, or the image was refused.

type Draw = GeneratorValue;

const platforms = [
  "linux/amd64",
  "linux/amd64/v2",
  "linux/386",
  "linux/arm64",
  "linux/arm/v7",
  "linux/arm/v6",
  "linux/s390x",
];
const platformObject = (text: string): object => {
  const [os, architecture, variant] = text.split("/");
  return { os, architecture, ...(variant && { variant }) };
};
const oneIn = (draw: Draw, many: number): boolean => draw(fc.nat, { max: many - 1 }) === 0;
const pick = <Item>(draw: Draw, items: readonly Item[]): Item =>
  items[draw(fc.nat, { max: items.length - 1 })] as Item;

/**
 * Other spellings of keys, keys that come twice, values of another kind; `hidden` is an image that
 * one of two readers does not see.
 */
const twists: readonly ((text: string, hidden: Descriptor) => string)[] = [
  (text, hidden) =>
    text.replace(/\}$/, `,"Manifests":[${JSON.stringify({ ...hidden, platform: amd64 })}]}`),
  (text, hidden) => text.replace(/"digest":"[^"]*"/, `$&,"Digest":"${hidden.digest}"`),
  (text, hidden) => text.replace(/"digest":"[^"]*"/, `"digest":"${hidden.digest}",$&`),
  (text) =>
    text.replace(
      /\}$/,
      `,"layer\u017f":[{"mediaType":"${oci.layer}","digest":"sha256:${"e".repeat(64)}","size":1}]}`,
    ),
  (text) => text.replace(/"os":"linux"/, '"os":"unknown","OS":"linux"'),
  (text) => text.replace(/"platform":\{/, '"platform":{"variant":"v2"},"platform":{'),
  (text) =>
    text.replace(/"platform":\{[^}]*\}/, '$&,"Platform":{"os":"linux","architecture":"amd64"}'),
  (text) => text.replace(/"manifests":\[(.*)\]/s, '"manifests":[],"MANIFESTS":[$1]'),
  (text) => text.replace('"manifests"', '"Manifests"'),
  (text) => text.replace('"layers"', '"Layers"'),
  (text) => text.replace('"mediaType"', '"mediatype"'),
  (text) => text.replace(/"platform":\{[^}]*\}/, '"platform":null'),
  (text) => text.replace(/"platform":\{[^}]*\}/, '"platform":{"architecture":"amd64"}'),
  (text) => text.replace(/"size":\d+/, '"size":1'),
  (text) => text.replace(/\}$/, ',"layers":[]}'),
  (text) => text.replace(/\}$/, ',"annotations":{"Digest":"x","digest":"y"}}'),
  (text) => `\ufeff${text}`,
];
const twisted = (draw: Draw, world: ReturnType<typeof aRegistry>, text: string): string =>
  oneIn(draw, 8) ? pick(draw, twists)(text, world.image()) : text;

function drawnImage(draw: Draw, world: ReturnType<typeof aRegistry>): Descriptor {
  const platform = platformObject(pick(draw, platforms));
  const config = world.blob(
    oneIn(draw, 15)
      ? '{"os":"linux","OS":"linux","architecture":"amd64"}'
      : twisted(draw, world, JSON.stringify({ ...platform, n: draw(fc.nat) })),
    oneIn(draw, 12) ? "application/octet-stream" : oci.config,
  );
  const layers = Array.from({ length: 1 + draw(fc.nat, { max: 1 }) }, () =>
    drawnLayer(draw, world),
  );
  return descriptorOf(
    world.manifest(
      oci.manifest,
      twisted(draw, world, JSON.stringify({ schemaVersion: 2, config, layers })),
    ),
  );
}

function drawnLayer(draw: Draw, world: ReturnType<typeof aRegistry>): object {
  const layer = world.blob(String(draw(fc.nat)), oneIn(draw, 15) ? foreign : oci.layer);
  const held = oneIn(draw, 15) ? { ...layer, digest: `sha256:${"f".repeat(64)}` } : layer;
  return oneIn(draw, 15) ? { ...held, urls: ["https://example.com/layer"] } : held;
}

function drawnIndex(draw: Draw, world: ReturnType<typeof aRegistry>, level: number): Descriptor {
  const children = Array.from({ length: 1 + draw(fc.nat, { max: 3 }) }, () => {
    const below =
      level < 6 && oneIn(draw, 5) ? drawnIndex(draw, world, level + 1) : drawnImage(draw, world);
    const mediaType = oneIn(draw, 20)
      ? pick(draw, [oci.manifest, oci.index, oci.layer, ""])
      : below.mediaType;
    const platform = oneIn(draw, 4)
      ? {}
      : { platform: platformObject(pick(draw, [...platforms, "linux/x86_64", "unknown/unknown"])) };
    return { ...below, mediaType, ...platform, ...(oneIn(draw, 4) && { annotations }) };
  });
  return descriptorOf(
    world.manifest(
      oci.index,
      twisted(draw, world, JSON.stringify({ schemaVersion: 2, manifests: children })),
    ),
  );
}

function contentOf(registry: FakeImageRegistry): Content {
  return {
    manifest: async (digest) =>
      Buffer.from((await registry.readManifests(repository, [digest as Digest]))[0]?.text ?? ""),
    blob: (digest) => registry.readBlob({ repository, digest: digest as Digest }),
  };
}

it("whatever a node of any platform would run was judged, or the image was refused", async () => {
  const seen = { judged: 0, refused: 0, nothing: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const world = aRegistry();
      const top = oneIn(draw, 10) ? drawnImage(draw, world) : drawnIndex(draw, world, 0);
      const node = pick(draw, [
        ...platforms,
        "linux/arm64/v8.2",
        "linux/arm64/v9",
        "windows/amd64",
      ]);
      const chosen = await chooseImage(contentOf(world.registry), top, platformObject(node)).catch(
        () => undefined,
      );
      const facts = await world.facts(top.digest);
      const { state } = facts;
      seen[chosen ? (state.kind === "present" ? "judged" : "refused") : "nothing"] += 1;
      if (state.kind !== "present") return;
      // A node runs an image that is no index whatever its platform; the rule looks at its config.
      const runs =
        top.mediaType === oci.index
          ? chosen !== undefined
          : runsOnPlatforms.check(facts, [parsePlatform(node) ?? ""]).kind === "pass";
      expect(runsOnPlatforms.check(facts, [parsePlatform(node) ?? ""]).kind).toBe(
        runs ? "pass" : "refuse",
      );
      if (!chosen) return;
      const parts = [chosen.config, ...chosen.layers].map((part) => part?.digest as Digest);
      expect(state.images.map(({ digest }) => digest)).toContain(chosen.digest);
      expect(world.scans.asked).toContainEqual({ repository, digest: chosen.digest });
      expect(await world.registry.missingLayers(repository, parts)).toEqual([]);
    }),
    { numRuns: 400 },
  );
  // None of the three is so rare that nothing is tried.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(30);
});
