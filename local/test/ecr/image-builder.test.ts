import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import {
  blobsOf,
  buildAttestation,
  buildIndex,
  type Blob,
} from "../../ecr/builder/image-builder.ts";
import { digestOf } from "../../ecr/digest.ts";
import { mediaTypes } from "../../oci/media-types.ts";
import { anImage, armImage } from "./start-registry.ts";

const json = (blob: Blob): unknown => JSON.parse(blob.bytes.toString());

it("builds a layer that is a gzipped ustar archive of the files", () => {
  const archive = gunzipSync(anImage().layers[0]?.bytes ?? Buffer.alloc(0));
  // Offsets: POSIX.1-2017, pax, "ustar Interchange Format".
  expect(archive.toString("latin1", 0, 12)).toBe("app/main.txt");
  expect(archive.toString("latin1", 257, 265)).toBe("ustar\u000000");
  expect(Number.parseInt(archive.toString("latin1", 124, 135), 8)).toBe("orderbook".length);
  expect(archive.toString("latin1", 512, 521)).toBe("orderbook");
  const header = Buffer.from(archive.subarray(0, 512)).fill(" ", 148, 156);
  expect(Number.parseInt(archive.toString("latin1", 148, 154), 8)).toBe(
    header.reduce((sum, byte) => sum + byte, 0),
  );
});

it.each([
  ["oci", mediaTypes.ociManifest, mediaTypes.ociConfig, mediaTypes.ociLayer],
  ["docker", mediaTypes.dockerManifest, mediaTypes.dockerConfig, mediaTypes.dockerLayer],
] as const)(
  "writes %s media types, and describes every blob truly",
  (dialect, manifestType, configType, layerType) => {
    const image = anImage({ mediaTypes: dialect });
    expect(json(image.manifest)).toMatchObject({
      mediaType: manifestType,
      config: { mediaType: configType },
      layers: [{ mediaType: layerType }],
    });
    for (const blob of [...blobsOf(image), image.manifest]) {
      expect([blob.digest, blob.size]).toEqual([digestOf(blob.bytes), blob.bytes.length]);
    }
  },
);

it("writes platform, labels and the digest of the unpacked layer into the configuration", () => {
  const image = anImage({
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    labels: { "org.opencontainers.image.version": "1.4.2" },
  });
  const unpacked = digestOf(gunzipSync(image.layers[0]?.bytes ?? Buffer.alloc(0)));
  expect(json(image.config)).toMatchObject({
    os: "linux",
    architecture: "arm",
    variant: "v7",
    created: "2026-01-05T08:00:00Z",
    config: { Labels: { "org.opencontainers.image.version": "1.4.2" } },
    rootfs: { type: "layers", diff_ids: [unpacked] },
  });
});

it("builds the same digests from the same contents", () => {
  expect(anImage().manifest.digest).toBe(anImage().manifest.digest);
  expect(anImage().manifest.digest).not.toBe(armImage().manifest.digest);
});

it("lists platforms in an index, and marks an attestation as what it is", () => {
  const image = anImage();
  const index = buildIndex([image, buildAttestation(image)], "oci");
  expect(json(index.manifest)).toMatchObject({
    mediaType: mediaTypes.ociIndex,
    manifests: [
      { digest: image.manifest.digest, platform: { os: "linux", architecture: "amd64" } },
      {
        platform: { os: "unknown", architecture: "unknown" },
        annotations: {
          "vnd.docker.reference.type": "attestation-manifest",
          "vnd.docker.reference.digest": image.manifest.digest,
        },
      },
    ],
  });
});

it("refuses a path that a plain header cannot hold", () => {
  expect(() => anImage({ files: { ["a".repeat(101)]: "" } })).toThrow("path too long");
});
