import { isImageType, mediaTypes } from "../oci/media-types.ts";
import type { StoredImage } from "./repository.ts";

export interface ServedManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/**
 * ECR translates between Docker schema 2 and OCI when an image is asked for by tag and the client
 * does not accept what is stored; never by digest, never an index. Schema 1, to which ECR can also
 * translate, is not offered here. Source: ECR user guide, "Container image manifest format
 * support".
 */
export function manifestForTag(image: StoredImage, accepted: readonly string[]): ServedManifest {
  const stored = { bytes: image.bytes, mediaType: image.manifest.mediaType };
  if (accepts(accepted, stored.mediaType) || !isImageType(stored.mediaType)) return stored;
  const wanted = otherFormat(stored.mediaType);
  return accepts(accepted, wanted)
    ? { bytes: translated(image.bytes, wanted), mediaType: wanted }
    : stored;
}

function accepts(accepted: readonly string[], mediaType: string): boolean {
  return accepted.length === 0 || accepted.includes("*/*") || accepted.includes(mediaType);
}

function otherFormat(mediaType: string): string {
  return mediaType === mediaTypes.ociManifest ? mediaTypes.dockerManifest : mediaTypes.ociManifest;
}

const dockerToOci: Readonly<Record<string, string>> = {
  [mediaTypes.dockerManifest]: mediaTypes.ociManifest,
  [mediaTypes.dockerConfig]: mediaTypes.ociConfig,
  [mediaTypes.dockerLayer]: mediaTypes.ociLayer,
};
const ociToDocker = Object.fromEntries(
  Object.entries(dockerToOci).map(([docker, oci]) => [oci, docker]),
);

/** Every media type in the manifest changes its dialect; its config and layers keep their digests. */
function translated(bytes: Buffer, wanted: string): Buffer {
  const dialect = wanted === mediaTypes.ociManifest ? dockerToOci : ociToDocker;
  const manifest: unknown = JSON.parse(bytes.toString("utf8"), (key, value: unknown) =>
    key === "mediaType" && typeof value === "string" ? (dialect[value] ?? value) : value,
  );
  return Buffer.from(JSON.stringify({ ...(manifest as object), mediaType: wanted }, null, 2));
}
