/** The layers that containerd calls non-distributable (core/images/mediatypes.go). */
const nonDistributable =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable|docker\.image\.rootfs\.foreign)\./;

/**
 * A layer that nodes fetch from its own web address, so that a registry need not hold it (OCI image
 * spec, "Non-Distributable Layers"). Without an address only the registry can have it.
 */
export function isForeignLayer({
  mediaType = "",
  urls = [],
}: {
  readonly mediaType?: string;
  readonly urls?: readonly string[] | undefined;
}): boolean {
  return nonDistributable.test(mediaType) && urls.some((url) => /^https?:\/\//i.test(url));
}
