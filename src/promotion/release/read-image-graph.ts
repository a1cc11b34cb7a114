import type { Digest } from "../../domain/image/digest.ts";
import {
  graphFault,
  unreadChildren,
  type ManifestGraph,
  type ReadManifest,
} from "../../domain/image/manifest-graph.ts";
import { parseManifest } from "../../domain/image/manifest.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";

export type ImageGraph =
  | { readonly kind: "whole"; readonly graph: ManifestGraph }
  | { readonly kind: "incomplete"; readonly missing: readonly Digest[] }
  | { readonly kind: "unjudgeable"; readonly fault: string };

/**
 * Follows an image down to everything that a node could choose from it: one call a level of
 * indexes, none for an image without children.
 */
export async function readImageGraph(
  repository: RepositoryName,
  top: StoredManifest,
  registry: Pick<ImageRegistry, "readManifests">,
): Promise<ImageGraph> {
  const read = new Map<Digest, ReadManifest>([[top.digest, readManifest(top)]]);
  const graph = { top: top.digest, read };
  for (;;) {
    const fault = graphFault(graph);
    if (fault !== undefined) return { kind: "unjudgeable", fault };
    const wanted = unreadChildren(graph);
    if (wanted.length === 0) return { kind: "whole", graph };
    for (const stored of await registry.readManifests(repository, wanted)) {
      read.set(stored.digest, readManifest(stored));
    }
    const missing = wanted.filter((digest) => !read.has(digest));
    if (missing.length > 0) return { kind: "incomplete", missing };
  }
}

function readManifest(stored: StoredManifest): ReadManifest {
  return { manifest: parseManifest(stored), size: new TextEncoder().encode(stored.text).length };
}
