import { listAt, textAt } from "../json.ts";

/** The layers that containerd calls non-distributable (core/images/mediatypes.go). */
const nonDistributable = [
  "application/vnd.oci.image.layer.nondistributable.",
  "application/vnd.docker.image.rootfs.foreign.",
];

/**
 * A layer that the registry need not hold, because nodes fetch it from elsewhere: its type says so,
 * and a web address says from where (OCI image spec, "Non-Distributable Layers"; descriptor,
 * "urls"). containerd asks the addresses first and the registry only after a 404
 * (core/remotes/docker/fetcher.go). Without an address it can come from the registry alone, so it
 * is not foreign.
 */
export function isForeignLayer(descriptor: unknown): boolean {
  const mediaType = textAt(descriptor, "mediaType") ?? "";
  return (
    nonDistributable.some((prefix) => mediaType.startsWith(prefix)) &&
    listAt(descriptor, "urls").some(isWebAddress)
  );
}

function isWebAddress(url: unknown): boolean {
  return typeof url === "string" && /^https?:\/\//i.test(url);
}
