/** OCI image-spec media-types.md; Docker registry spec "Image Manifest Version 2, Schema 2". */
export const imageManifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

export const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/**
 * A manifest whose config has another type is an artifact (Helm chart, signature, build cache …),
 * although containerd would run it.
 */
export const imageConfigTypes: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];

/** Layers that both nodes unpack and scanners read; the foreign ones among them. */
const layerTypes = [
  /^application\/vnd\.oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+(?:gzip|zstd))?$/,
  /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.(?:gzip|zstd))?$/,
];

export function isLayerType(mediaType: string): boolean {
  return layerTypes.some((form) => form.test(mediaType));
}
