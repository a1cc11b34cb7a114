import type { Digest } from "./digest.ts";
import type { Platform } from "./platform.ts";
import { runnablePlatforms } from "./runnable-platforms.ts";

/** An image with all that nodes can choose from it. */
export type ImageTree =
  /** `platform`: what its config says, empty when nothing. */
  | { readonly kind: "image"; readonly digest: Digest; readonly platform: Platform }
  | { readonly kind: "index"; readonly children: readonly ImageBranch[] };

export interface ImageBranch {
  /** undefined: the index does not say, which OCI allows; then the config of the child does. */
  readonly platform: Platform | undefined;
  readonly tree: ImageTree;
}

/**
 * The image that containerd runs on a node of this platform (core/images/image.go, Manifest): of
 * each index the child whose platform it prefers, then the first without a platform. It tries no
 * second one. undefined: it finds no image.
 */
export function imageFor(tree: ImageTree, node: Platform): Digest | undefined {
  const preferred = runnablePlatforms(node);
  return tree.kind === "image" ? checkedImage(tree, preferred) : chosenImage(tree, preferred);
}

function checkedImage(
  { digest, platform }: Extract<ImageTree, { kind: "image" }>,
  preferred: readonly Platform[],
): Digest | undefined {
  return preferred.includes(platform) ? digest : undefined;
}

function chosenImage(
  { children }: Extract<ImageTree, { kind: "index" }>,
  preferred: readonly Platform[],
): Digest | undefined {
  const child = preferredChild(children, preferred);
  if (!child) return undefined;
  if (child.tree.kind === "index") return chosenImage(child.tree, preferred);
  return child.platform === undefined ? checkedImage(child.tree, preferred) : child.tree.digest;
}

function preferredChild(
  children: readonly ImageBranch[],
  preferred: readonly Platform[],
): ImageBranch | undefined {
  const named = preferred
    .map((platform) => children.find((child) => child.platform === platform))
    .find((child) => child !== undefined);
  return named ?? children.find(({ platform }) => platform === undefined);
}
