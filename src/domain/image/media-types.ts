/** OCI image-spec media-types.md; Docker registry spec "Image Manifest Version 2, Schema 2". */
export const imageManifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

export const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** A manifest whose config has another type is an artifact (Helm chart, signature, build cache …): nothing that a node can run. */
export const imageConfigTypes: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** Layers that registries need not hold, because they come from elsewhere (Windows base layers). */
export function isForeignLayer(mediaType: string): boolean {
  return mediaType.startsWith("application/vnd.oci.image.layer.nondistributable.") || mediaType.includes(".rootfs.foreign.");
}
