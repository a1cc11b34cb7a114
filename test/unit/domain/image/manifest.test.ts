import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../../src/domain/image/manifest.ts";

const [config, layer, child, provenance] = ["c", "1", "2", "3"].map((digit) => `sha256:${digit.repeat(64)}`);
const oci = { manifest: "application/vnd.oci.image.manifest.v1+json", index: "application/vnd.oci.image.index.v1+json", config: "application/vnd.oci.image.config.v1+json", layer: "application/vnd.oci.image.layer.v1.tar+gzip" };
const docker = { manifest: "application/vnd.docker.distribution.manifest.v2+json", index: "application/vnd.docker.distribution.manifest.list.v2+json", config: "application/vnd.docker.container.image.v1+json", layer: "application/vnd.docker.image.rootfs.diff.tar.gzip" };

function image(types: typeof oci, change: object = {}): { readonly mediaType: string; readonly text: string } {
  const document = { schemaVersion: 2, config: { mediaType: types.config, digest: config, size: 2 }, layers: [{ mediaType: types.layer, digest: layer, size: 3 }], ...change };
  return { mediaType: types.manifest, text: JSON.stringify(document) };
}

function index(types: typeof oci, manifests: readonly object[]): { readonly mediaType: string; readonly text: string } {
  return { mediaType: types.index, text: JSON.stringify({ schemaVersion: 2, manifests }) };
}

describe.each([["OCI", oci], ["Docker", docker]])("a manifest of %s", (_, types) => {
  it("is an image with its config and layers", () => {
    expect(parseManifest(image(types))).toEqual({ kind: "image", config, layers: [layer] });
  });

  it("is an index with its children", () => {
    const document = index(types, [{ mediaType: types.manifest, digest: child, size: 1, platform: { os: "linux", architecture: "arm64", variant: "v8" } }, { mediaType: types.manifest, digest: layer, size: 1 }]);
    expect(parseManifest(document)).toEqual({
      kind: "index",
      children: [{ digest: child, platform: "linux/arm64", attestation: false }, { digest: layer, platform: undefined, attestation: false }],
    });
  });
});

describe("an attestation in an index", () => {
  // docs/attestations/attestation-storage.md of moby/buildkit.
  const annotations = { "vnd.docker.reference.digest": child, "vnd.docker.reference.type": "attestation-manifest" };

  it.each([
    ["by annotation", { platform: { os: "linux", architecture: "amd64" }, annotations }],
    ["by a platform that nobody has", { platform: { os: "unknown", architecture: "unknown" } }],
    ["by both", { platform: { os: "unknown", architecture: "unknown" }, annotations }],
  ])("is told %s", (__, fields) => {
    expect(parseManifest(index(oci, [{ mediaType: oci.manifest, digest: provenance, size: 1, ...fields }]))).toMatchObject({ children: [{ digest: provenance, attestation: true }] });
  });

  it("is not any child with other annotations", () => {
    const plain = { mediaType: oci.manifest, digest: child, size: 1, annotations: { "org.opencontainers.image.title": "x" }, platform: { os: "linux", architecture: "amd64" } };
    expect(parseManifest(index(oci, [plain]))).toMatchObject({ children: [{ attestation: false }] });
  });
});

it.each(["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"])(
  "leaves out layers of %s, which the registry need not hold", (mediaType) => {
    const layers = [{ mediaType, digest: child, size: 1, urls: ["https://example.com/layer"] }, { mediaType: oci.layer, digest: layer, size: 1 }];
    expect(parseManifest(image(oci, { layers }))).toEqual({ kind: "image", config, layers: [layer] });
  },
);

describe("no image", () => {
  const helm = { config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: config, size: 2 } };
  const empty = { config: { mediaType: "application/vnd.oci.empty.v1+json", digest: config, size: 2 }, artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json" };

  it.each([
    ["a Helm chart", image(oci, helm)],
    ["a signature of cosign 3", image(oci, empty)],
    ["a manifest of Docker's first schema", { ...image(docker), mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws" }],
    ["text that is no JSON", { mediaType: oci.manifest, text: "<html>" }],
    ["JSON null", { mediaType: oci.index, text: "null" }],
    ["an image of which a layer has no digest", image(oci, { layers: [{ mediaType: oci.layer }] })],
    ["an image with a digest of another algorithm", image(oci, { layers: [{ mediaType: oci.layer, digest: `sha512:${"a".repeat(128)}` }] })],
    ["an index of which a child has no digest", index(oci, [{ mediaType: oci.manifest }])],
  ])("is %s", (_, stored) => {
    expect(parseManifest(stored)).toEqual({ kind: "other" });
  });

  it("is what anybody may have written: it never throws", () => {
    const mediaType = fc.constantFrom(...Object.values(oci), ...Object.values(docker), "");
    fc.assert(fc.property(mediaType, fc.oneof(fc.string(), fc.json(), fc.object().map((value) => JSON.stringify(value))), (type, text) => {
      expect(["image", "index", "other"]).toContain(parseManifest({ mediaType: type, text }).kind);
    }));
  });
});
