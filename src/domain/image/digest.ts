declare const brand: unique symbol;

/** `sha256:` and 64 lower-case hex digits: the identity of exact bytes. */
export type Digest = string & { readonly [brand]: "Digest" };

const form = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return form.test(text);
}

/** undefined when `text` is not a digest. Other algorithms of the OCI spec are not used by ECR. */
export function parseDigest(text: string): Digest | undefined {
  return isDigest(text) ? text : undefined;
}

/** The first 12 hex digits, for people. */
export function shortDigest(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}
