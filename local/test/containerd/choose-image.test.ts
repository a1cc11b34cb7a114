import { expect, it } from "vitest";
import { chooseImage, type Content, type Descriptor } from "../../containerd/choose-image.ts";

const manifest = "application/vnd.oci.image.manifest.v1+json";
const index = "application/vnd.oci.image.index.v1+json";
const [amd64, arm64, s390x] = ["amd64", "arm64", "s390x"].map((architecture) => ({
  os: "linux",
  architecture,
}));
const annotations = { "vnd.docker.reference.type": "attestation-manifest" };

/** Documents by the name that stands for their digest; `config-of-a` is the config of the image `a`. */
const documents: Readonly<Record<string, object | string>> = {
  a: { config: { digest: "config-of-a" }, layers: [] },
  b: {
    config: { digest: "config-of-b", mediaType: "application/vnd.example.config.v1+json" },
    layers: [],
  },
  "config-of-a": { ...amd64 },
  "config-of-b": { OS: "Linux", Architecture: "aarch64" },
  both: { config: { digest: "config-of-a" }, manifests: null },
};
const child = (digest: string, further: object = {}): object => ({
  mediaType: manifest,
  digest,
  size: 1,
  ...further,
});

async function chosen(
  top: object | string,
  node: { readonly os: string; readonly architecture: string } | undefined,
): Promise<string> {
  const all: Readonly<Record<string, object | string>> = { ...documents, top };
  const bytes = async (digest: string): Promise<Uint8Array> =>
    Buffer.from(typeof all[digest] === "string" ? all[digest] : JSON.stringify(all[digest]));
  const content: Content = { manifest: bytes, blob: bytes };
  const target: Descriptor = {
    mediaType: typeof top === "object" && "config" in top ? manifest : index,
    digest: "top",
  };
  return chooseImage(content, target, node ?? {}).then(
    ({ digest }) => digest,
    (error: Error) => error.message,
  );
}

const nested = (
  name: string,
  platform: object | undefined,
  manifests: readonly object[],
): object => ({ mediaType: index, digest: name, platform, manifests });

// containerd, core/images/image.go, Manifest, and validateMediaType.
it.each<readonly [string, object | string, typeof amd64, string]>([
  [
    "the child of its platform",
    { manifests: [child("b", { platform: arm64 }), child("a", { platform: amd64 })] },
    amd64,
    "a",
  ],
  [
    "the first of two of its platform",
    { manifests: [child("b", { platform: amd64 }), child("a", { platform: amd64 })] },
    amd64,
    "b",
  ],
  [
    "a child whatever its annotations say",
    { manifests: [child("b", { platform: amd64, annotations }), child("a", { platform: amd64 })] },
    amd64,
    "b",
  ],
  [
    "a better platform before a worse one",
    {
      manifests: [
        child("b", { platform: { os: "linux", architecture: "386" } }),
        child("a", { platform: amd64 }),
      ],
    },
    amd64,
    "a",
  ],
  [
    "a worse one before none",
    { manifests: [child("a"), child("b", { platform: { os: "linux", architecture: "386" } })] },
    amd64,
    "b",
  ],
  [
    "a child without platform by its config, in Go's reading",
    { manifests: [child("b")] },
    arm64,
    "b",
  ],
  [
    "no second child without platform",
    { manifests: [child("b"), child("a")] },
    amd64,
    "no match for platform in manifest: linux/amd64",
  ],
  [
    "nothing of another platform",
    { manifests: [child("a", { platform: amd64 })] },
    s390x,
    "no match for platform in manifest: linux/s390x",
  ],
  [
    "an image that is no index, whatever its platform",
    { config: { digest: "config-of-a" }, layers: [] },
    s390x,
    "top",
  ],
  [
    "the last of two lists",
    `{"manifests":[${JSON.stringify(child("a", { platform: amd64 }))}],"Manifests":[${JSON.stringify(child("b", { platform: amd64 }))}]}`,
    amd64,
    "b",
  ],
  [
    "nothing of a type that it does not know",
    { manifests: [child("a", { platform: amd64, mediaType: "application/vnd.example" })] },
    amd64,
    "unexpected media type application/vnd.example for a: not found",
  ],
  [
    "nothing that is an image and an index",
    { manifests: [child("both", { platform: amd64 })] },
    amd64,
    `media-type: expected manifest but found index (${manifest})`,
  ],
  [
    "nothing from an index with layers",
    { manifests: [child("a", { platform: amd64 })], layers: [] },
    amd64,
    `media-type: expected index but found manifest (${index})`,
  ],
  [
    "nothing of Docker's first schema",
    { manifests: [], fsLayers: [] },
    amd64,
    "media-type: schema 1 not supported",
  ],
])("a node runs %s", async (_, top, node, digest) => {
  expect(await chosen(top, node)).toBe(digest);
});

it("a node follows a nested index, and does not come back from one that holds nothing for it", async () => {
  const inner = nested("inner", amd64, [child("a", { platform: arm64 })]);
  const content: Content = {
    manifest: async (digest) =>
      Buffer.from(
        JSON.stringify(
          digest === "top"
            ? { manifests: [inner, child("b", { platform: amd64 })] }
            : digest === "inner"
              ? inner
              : documents[digest],
        ),
      ),
    blob: async (digest) => Buffer.from(JSON.stringify(documents[digest])),
  };
  const from = (digest: string, node: typeof amd64): Promise<string> =>
    chooseImage(content, { mediaType: index, digest }, node ?? {}).then(
      (image) => image.digest,
      (error: Error) => error.message,
    );
  expect(await from("inner", arm64)).toBe("a");
  expect(await from("top", amd64)).toBe("no match for platform in manifest: linux/amd64");
});
