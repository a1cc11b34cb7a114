import type { Fields } from "./folded-key.ts";

/** A value, or a map whose keys are free: annotations, labels, ports, volumes. */
const free: Fields = {};

function values(...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, free]));
}

/** Go structs of the OCI image spec, specs-go/v1; `features` is that of Docker's manifest list. */
const platform = values("architecture", "os", "os.version", "os.features", "variant", "features");
const descriptor: Fields = {
  ...values("mediaType", "digest", "size", "urls", "annotations", "data", "artifactType"),
  platform,
};

/**
 * Manifest and index in one, and Docker's first schema: containerd looks for the fields of all of
 * them (core/images, validateMediaType).
 */
export const manifestFields: Fields = {
  ...values("schemaVersion", "mediaType", "artifactType", "annotations", "fsLayers"),
  config: descriptor,
  layers: descriptor,
  manifests: descriptor,
  subject: descriptor,
};

export const imageConfigFields: Fields = {
  ...values("created", "author", "architecture", "os", "os.version", "os.features", "variant"),
  config: values(
    "User",
    "ExposedPorts",
    "Env",
    "Entrypoint",
    "Cmd",
    "Volumes",
    "WorkingDir",
    "Labels",
    "StopSignal",
    "ArgsEscaped",
  ),
  rootfs: values("type", "diff_ids"),
  history: values("created", "created_by", "author", "comment", "empty_layer"),
};
