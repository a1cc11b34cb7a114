import type { Digest } from "./digest.ts";
import type { ImageTree } from "./image-tree.ts";
import type { IndexChild, ParsedManifest } from "./manifest.ts";
import type { Platform } from "./platform.ts";

/** A manifest that was read; `size` in bytes. */
export interface ReadManifest {
  readonly manifest: ParsedManifest;
  readonly size: number;
}

/**
 * What is known of an image so far: the manifest that its digest names and those below it. One may
 * stand below several.
 */
export interface ManifestGraph {
  readonly top: Digest;
  readonly read: ReadonlyMap<Digest, ReadManifest>;
}

/**
 * Official images have two levels and some 20 manifests that can run; what goes beyond these bounds
 * is refused and not followed.
 */
export const maxNesting = 4;
export const maxManifests = 64;
/** In MiB. A manifest has a few KiB, and a registry refuses more than 4 MiB. */
export const maxTotalSize = 8;

/** Children that are not read yet. */
export function unreadChildren({ read }: ManifestGraph): readonly Digest[] {
  return [...new Set(childrenIn(read).map(({ digest }) => digest))].filter(
    (digest) => !read.has(digest),
  );
}

/** Why not all that a node could run can be judged; it continues a sentence about the image. */
export function graphFault(graph: ManifestGraph): string | undefined {
  const { top, read } = graph;
  if (read.size + unreadChildren(graph).length > maxManifests) {
    return `it holds more than ${maxManifests} images and indexes`;
  }
  if (totalSize(graph) > maxTotalSize * 1024 * 1024) {
    return `its manifests have more than ${maxTotalSize} MiB together`;
  }
  if (nesting(graph) > maxNesting) return `its indexes are nested more than ${maxNesting} deep`;
  for (const [digest, { manifest }] of read) {
    const name = digest === top ? "it" : `${digest} in it`;
    if (manifest.kind === "other") return `${name} ${manifest.fault}`;
    const fault = childrenOf(manifest)
      .map((child) => childFault(child, read.get(child.digest)))
      .find((found) => found !== undefined);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * The images that nodes can choose from, with what an index says of their platform; undefined: no
 * index says anything.
 */
export function imagesIn({
  read,
}: ManifestGraph): readonly {
  readonly digest: Digest;
  readonly image: Extract<ParsedManifest, { kind: "image" }>;
  readonly named: Platform | undefined;
}[] {
  const children = childrenIn(read);
  return [...read].flatMap(([digest, { manifest }]) => {
    const named = children.find(
      (child) => child.digest === digest && child.platform !== undefined,
    )?.platform;
    return manifest.kind === "image" ? [{ digest, image: manifest, named }] : [];
  });
}

/** `configs`: what the config of each image says about its platform. Of a graph without faults. */
export function treeOf(
  { top, read }: ManifestGraph,
  configs: ReadonlyMap<Digest, Platform>,
): ImageTree {
  const known = new Map<Digest, ImageTree>();
  const grow = (digest: Digest): ImageTree => {
    const tree = known.get(digest) ?? grown(digest);
    known.set(digest, tree);
    return tree;
  };
  const grown = (digest: Digest): ImageTree => {
    const manifest = read.get(digest)?.manifest;
    if (manifest?.kind !== "index") {
      return { kind: "image", digest, platform: configs.get(digest) ?? "" };
    }
    return {
      kind: "index",
      children: manifest.children.map(({ platform, digest: child }) => ({
        platform,
        tree: grow(child),
      })),
    };
  };
  return grow(top);
}

function childrenIn(read: ManifestGraph["read"]): readonly IndexChild[] {
  return [...read.values()].flatMap(({ manifest }) => childrenOf(manifest));
}

function childrenOf(manifest: ParsedManifest): readonly IndexChild[] {
  return manifest.kind === "index" ? manifest.children : [];
}

/** In bytes; of what is not read yet, as an index says, the most where several say it. */
function totalSize({ read }: ManifestGraph): number {
  const sizes = new Map<Digest, number>();
  for (const { digest, size } of childrenIn(read)) {
    sizes.set(digest, Math.max(size, sizes.get(digest) ?? 0));
  }
  for (const [digest, { size }] of read) sizes.set(digest, size);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * Nodes believe the index, the registry believes the manifest: where the two differ, the pull fails
 * or something else runs.
 */
function childFault(child: IndexChild, found: ReadManifest | undefined): string | undefined {
  if (!found || found.manifest.kind === "other") return undefined;
  if (found.manifest.kind !== child.kind) {
    return `an index in it calls ${child.digest} an ${child.kind}, but it is an ${found.manifest.kind}`;
  }
  if (found.size === child.size) return undefined;
  const claim = `an index in it says that ${child.digest} has ${child.size} bytes`;
  return `${claim}, but it has ${found.size}, and nodes refuse that`;
}

/**
 * Indexes below each other on the longest way down. Each manifest is visited once, however many
 * ways lead to it.
 */
function nesting({ top, read }: ManifestGraph): number {
  const known = new Map<Digest, number>();
  const depthOf = (digest: Digest): number => {
    const depth =
      known.get(digest) ??
      Math.max(
        0,
        ...childrenOf(read.get(digest)?.manifest ?? nothing).map(
          (child) => 1 + depthOf(child.digest),
        ),
      );
    known.set(digest, depth);
    return depth;
  };
  return depthOf(top);
}

const nothing: ParsedManifest = { kind: "other", fault: "" };
