import type { Digest } from "../domain/image/digest.ts";
import type { Mutability } from "../domain/image/mutability.ts";
import type { RepositoryName } from "../domain/image/repository.ts";
import type { StoredManifest } from "../domain/image/stored-manifest.ts";
import type { Tag } from "../domain/image/tag.ts";

export interface ImageRef {
  readonly repository: RepositoryName;
  readonly digest: Digest;
}

export interface ImageRecord {
  readonly digest: Digest;
  readonly tags: readonly Tag[];
  /** Epoch milliseconds. */
  readonly pushedAt: number;
  readonly mediaType: string;
  readonly archived: boolean;
}

export type PutOutcome = "written" | "was-there";

/**
 * The registry that holds the images. Every method throws `RegistryUnavailable` (try later; with
 * the detail `throttled: true` slower), `RegistryRefused` (permission, limit, repository missing);
 * absence of an image is an answer, not an error.
 */
export interface ImageRegistry {
  /**
   * One look, one call: the manifest by digest (undefined: missing) and what the tags point at now
   * (absent ones are left out).
   */
  readImage(
    image: ImageRef,
    tags: readonly Tag[],
  ): Promise<{
    readonly manifest: StoredManifest | undefined;
    readonly tags: ReadonlyMap<Tag, Digest>;
  }>;
  /** Those of the layers and configs that the repository does not have ready: gone, or archived. */
  missingLayers(repository: RepositoryName, layers: readonly Digest[]): Promise<readonly Digest[]>;
  /**
   * Manifests by digest: exact bytes, no conversion, checked against the digest. Missing ones are
   * left out.
   */
  readManifests(
    repository: RepositoryName,
    digests: readonly Digest[],
  ): Promise<readonly StoredManifest[]>;
  /** What the tags point at now; tags that do not exist are left out. */
  resolveTags(repository: RepositoryName, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, Digest>>;
  /**
   * Push time, tags and media type of one image; undefined when it does not exist. Archived images
   * are found too.
   */
  describeImage(image: ImageRef): Promise<ImageRecord | undefined>;
  /**
   * A blob such as the config of an image. Throws `ImageMissing` when the layer is gone. At most 4
   * MiB.
   */
  readBlob(image: ImageRef): Promise<Uint8Array>;
  mutability(
    repositories: readonly RepositoryName[],
  ): Promise<ReadonlyMap<RepositoryName, Mutability>>;
  /**
   * Puts the very bytes under a tag, and believes it when the registry answers with their digest.
   * `was-there`: the tag held this digest already, whichever conflict the registry answers. Throws
   * `TagConflict` naming both digests when the tag holds another one and may not be moved,
   * `ImageMissing` when layers or children are gone.
   */
  putTag(repository: RepositoryName, tag: Tag, manifest: StoredManifest): Promise<PutOutcome>;
}
