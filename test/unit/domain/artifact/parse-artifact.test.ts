import { describe, expect, it } from "vitest";
import { parseArtifact } from "../../../../src/domain/artifact/parse-artifact.ts";

const digest = `sha256:${"a".repeat(64)}`;
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const oras = {
  schemaVersion: 2,
  mediaType: manifestType,
  artifactType: "application/vnd.unknown.artifact.v1",
  config: { mediaType: "application/vnd.oci.empty.v1+json", digest, size: 2, data: "e30=" },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size: 300 }],
};

function parsed(document: object, mediaType = manifestType): ReturnType<typeof parseArtifact> {
  return parseArtifact({ mediaType, text: JSON.stringify(document) });
}

const layer = (change: object): object => ({ ...oras, layers: [{ ...oras.layers[0], ...change }] });

it.each([
  ["application/vnd.oci.image.layer.v1.tar+gzip"],
  ["application/vnd.oci.image.layer.v1.tar"],
  ["application/vnd.cncf.flux.content.v1.tar+gzip"],
])("an artifact with one layer of %s is read", (mediaType) => {
  expect(parsed(layer({ mediaType }))).toEqual({
    kind: "artifact",
    config: digest,
    layer: { digest, size: 300 },
  });
});

describe("is none:", () => {
  it.each<readonly [string, object, RegExp]>([
    [
      "an image",
      {
        ...oras,
        config: { ...oras.config, mediaType: "application/vnd.oci.image.config.v1+json" },
      },
      /^is an image, and/,
    ],
    [
      "an image of Docker",
      {
        ...oras,
        config: { ...oras.config, mediaType: "application/vnd.docker.container.image.v1+json" },
      },
      /^is an image, and/,
    ],
    [
      "two layers",
      { ...oras, layers: [...oras.layers, ...oras.layers] },
      /^is an artifact of 2 layers/,
    ],
    ["no layers", { ...oras, layers: [] }, /of 0 layers/],
    ["no list of layers", { ...oras, layers: undefined }, /of no layers/],
    [
      "a chart",
      layer({ mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip" }),
      /whose layer is of the type "application\/vnd\.cncf\.helm/,
    ],
    ["a large layer", layer({ size: 5_000_000 }), /more than 4 MiB/],
    ["a layer without a digest", layer({ digest: "sha512:x" }), /no digest or no size/],
    [
      "a config without a digest",
      { ...oras, config: { mediaType: "x" } },
      /config has no sha256 digest/,
    ],
    ["a key in another case", { ...oras, Layers: [] }, /has the key "Layers"/],
  ])("%s", (_, document, fault) => {
    expect(parsed(document)).toEqual({ kind: "other", fault: expect.stringMatching(fault) });
  });

  it("an index", () => {
    expect(parsed(oras, "application/vnd.oci.image.index.v1+json")).toEqual({
      kind: "other",
      fault: expect.stringMatching(/^is of the type "application\/vnd\.oci\.image\.index/),
    });
  });
});
