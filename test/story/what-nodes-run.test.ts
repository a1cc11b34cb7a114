import {
  buildImage,
  buildIndex,
  type Blob,
  type BuiltImage,
  type BuiltIndex,
} from "@promoter/local-cloud/image-builder";
import { digestOf } from "@promoter/local-cloud/internal/ecr/digest.ts";
import { pullImage } from "@promoter/local-cloud/internal/pull-image.ts";
import { pushImage } from "@promoter/local-cloud/push-image";
import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const amd64 = { os: "linux", architecture: "amd64" };
const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
const oci = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
};

const imageOf = (text: string): BuiltImage =>
  buildImage({
    platform: amd64,
    created: "2026-01-05T08:00:00Z",
    mediaTypes: "oci",
    files: { "app/version": text },
  });
const of = ({ mediaType, digest, size }: Blob): object => ({ mediaType, digest, size });
const rewritten = (mediaType: string, text: string): Blob => {
  const bytes = Buffer.from(text);
  return { mediaType, digest: digestOf(bytes), size: bytes.length, bytes };
};
/** An index with any text, whose children are pushed before it. */
const rawIndex = (images: readonly (BuiltImage | BuiltIndex)[], text: string): BuiltIndex => ({
  kind: "index",
  images: images as readonly BuiltImage[],
  manifest: rewritten(oci.index, text),
});
const list = (manifests: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: oci.index, manifests });
const changed = (image: BuiltImage, change: (text: string) => string): BuiltImage => ({
  ...image,
  manifest: rewritten(image.manifest.mediaType, change(image.manifest.bytes.toString())),
});

const [good, bad] = [imageOf("good"), imageOf("bad")];
const nested = buildIndex([bad], "oci");
const strange = changed(bad, (text) =>
  text.replace(
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.example.config.v1+json",
  ),
);
const inGoodsPlace = (text: string): string =>
  text.replaceAll(bad.manifest.digest, good.manifest.digest);
const [goodChild, badChild] = [
  { ...of(good.manifest), platform: amd64 },
  { ...of(bad.manifest), platform: amd64 },
];

/**
 * Each holds an image with 99 CRITICAL findings beside a good one, so that containerd runs the bad
 * one.
 */
const hidden: readonly (readonly [string, BuiltIndex, string])[] = [
  [
    "behind the annotation of an attestation",
    rawIndex([bad, good], list([{ ...badChild, annotations }, goodChild])),
    "99 CRITICAL",
  ],
  [
    "in a nested index",
    rawIndex([nested, good], list([{ ...of(nested.manifest), platform: amd64 }, goodChild])),
    "99 CRITICAL",
  ],
  [
    "in a nested index without a platform",
    rawIndex([nested], list([of(nested.manifest)])),
    "99 CRITICAL",
  ],
  ["as a child without a platform", rawIndex([bad], list([of(bad.manifest)])), "99 CRITICAL"],
  [
    "behind a config of another type",
    rawIndex([strange, good], list([{ ...of(strange.manifest), platform: amd64 }, goodChild])),
    `${strange.manifest.digest} in it is an artifact and not an image: its config is of the type "application/vnd.example.config.v1+json"`,
  ],
  [
    "in a second list of children",
    rawIndex(
      [bad, good],
      list([goodChild]).replace(/\}$/, `,"Manifests":${JSON.stringify([badChild])}}`),
    ),
    'it has the key "Manifests", which nodes read as "manifests"',
  ],
  [
    "under a second digest",
    rawIndex(
      [bad, good],
      inGoodsPlace(list([badChild])).replace(
        '"digest":',
        `"Digest":"${bad.manifest.digest}","digest":`,
      ),
    ),
    'it has the key "Digest", which nodes read as "digest"',
  ],
  [
    "with its platform in another case",
    rawIndex(
      [bad, good],
      list([badChild])
        .replace('"os":"linux"', '"os":"unknown","o\u017f":"linux"')
        .replace('"architecture":"amd64"', '"architecture":"unknown","ARCHITECTURE":"amd64"'),
    ),
    "which nodes read as",
  ],
];

const pushTo = async (
  world: StoryWorld,
  image: BuiltImage | BuiltIndex,
  tag?: string,
): Promise<void> => {
  for (const child of image.kind === "index"
    ? (image.images as readonly (BuiltImage | BuiltIndex)[])
    : []) {
    await pushTo(world, child);
  }
  const { origin, registryCredentials: credentials } = world.cloud;
  await pushImage({ origin, repository: "orderbook-api", image, credentials, ...(tag && { tag }) });
};

const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const pullOnNode = (
  { cloud: { origin, registryCredentials: credentials } }: StoryWorld,
  tag: string,
) =>
  pullImage({
    origin,
    registry: { account: "111122223333", region: "eu-west-1" },
    credentials,
    reference: `${host}/orderbook-api:${tag}`,
    platform: amd64,
  });

describe("what nodes would run is judged", () => {
  test("an image with 99 CRITICAL findings is refused wherever it hides", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    for (const image of [bad, strange]) {
      world.cloud.ecr.scanner.set({
        digest: image.manifest.digest,
        result: { kind: "complete", counts: { CRITICAL: 99 } },
      });
    }
    for (const [at, [how, index, reason]] of hidden.entries()) {
      const version = `1.4.${at}`;
      await pushTo(world, index, `dev-${version}`);
      await world.push("orderbook-ui", version);
      await world.pass(1000);
      const promotion = world.promotions().at(-1) ?? "";
      expect
        .soft([how, await world.ending(promotion), await world.reasons(promotion)])
        .toEqual([how, "Refused", expect.stringContaining(reason)]);
    }
  });

  test("an image whose layer is missing is refused there too, and no node could pull it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await pushTo(
      world,
      rawIndex([bad, good], list([{ ...badChild, annotations }, goodChild])),
      "dev-1.4.2",
    );
    expect(await pullOnNode(world, "dev-1.4.2")).toEqual({ kind: "ok" });
    const layer = bad.layers[0]?.digest ?? "";
    world.cloud.ecr.dropLayer("orderbook-api", layer);
    expect(await pullOnNode(world, "dev-1.4.2")).toMatchObject({
      kind: "error",
      message: expect.stringContaining("a layer is not found"),
    });
    await world.push("orderbook-ui", "1.4.2");
    await world.pass(1000);
    expect([await world.ending(), await world.reasons()]).toEqual([
      "Refused",
      expect.stringContaining(`${layer} missing`),
    ]);
  });

  test("a layer that only nodes would fetch is refused, because no scanner sees it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const elsewhere = {
      mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
      digest: digestOf(Buffer.from("elsewhere")),
      size: 9,
      urls: ["https://example.com/layer"],
    };
    const foreign = changed(good, (text) =>
      text.replace('"layers":[', `"layers":[${JSON.stringify(elsewhere)},`),
    );
    await pushTo(world, foreign, "dev-1.4.2");
    expect(await pullOnNode(world, "dev-1.4.2")).toEqual({ kind: "ok" });
    await world.push("orderbook-ui", "1.4.2");
    await world.pass(1000);
    expect([await world.ending(), await world.reasons()]).toEqual([
      "Refused",
      expect.stringContaining(`nodes would fetch ${elsewhere.digest} from elsewhere`),
    ]);
  });

  test("a nested index of clean images is promoted as it is", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const index = rawIndex(
      [buildIndex([good], "oci")],
      list([{ ...of(buildIndex([good], "oci").manifest), platform: amd64 }]),
    );
    await pushTo(world, index, "dev-1.4.2");
    await world.push("orderbook-ui", "1.4.2");
    await world.pass(1000);
    expect([await world.ending(), world.tagged("orderbook-api", "prod-1.4.2")]).toEqual([
      "Promoted",
      index.manifest.digest,
    ]);
  });
});
