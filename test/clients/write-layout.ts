import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  blobsOf,
  type Blob,
  type BuiltImage,
  type BuiltIndex,
} from "@promoter/local-cloud/image-builder";

/**
 * An image as an OCI layout (image-spec, "OCI Image Layout Specification"), which clients read in
 * place of an engine. Gives its folder.
 */
export async function writeLayout(parent: string, image: BuiltImage | BuiltIndex): Promise<string> {
  const folder = join(parent, image.manifest.digest.slice("sha256:".length, "sha256:".length + 12));
  await mkdir(join(folder, "blobs/sha256"), { recursive: true });
  for (const { digest, bytes } of everyBlob(image)) {
    await writeFile(join(folder, "blobs", digest.replace(":", "/")), bytes);
  }
  const { mediaType, digest, size } = image.manifest;
  const manifests = [
    { mediaType, digest, size, annotations: { "org.opencontainers.image.ref.name": "latest" } },
  ];
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return folder;
}

function everyBlob(image: BuiltImage | BuiltIndex): readonly Blob[] {
  const children = image.kind === "index" ? image.images.flatMap(everyBlob) : blobsOf(image);
  return [...children, image.manifest];
}
