import type { Digest } from "./digest.ts";

/** A manifest as the registry holds it: the digest is over exactly these bytes. */
export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  /** The very text; never parsed and printed again, or the digest changes. */
  readonly text: string;
}
