import { requiredBlobs } from "./manifest.ts";
import type { Descriptor, Manifest } from "./manifest.ts";
import type { TagMutability } from "./tag-mutability.ts";

/**
 * A manifest as it was pushed. A moved tag, a pull or archiving replaces the record, never the
 * bytes.
 */
export interface StoredImage {
  readonly digest: string;
  readonly bytes: Buffer;
  readonly manifest: Manifest;
  readonly pushedAt: number;
  readonly status: "ACTIVE" | "ARCHIVED";
  readonly lastPulledAt?: number;
  readonly lastArchivedAt?: number;
}

export interface Repository {
  readonly name: string;
  readonly createdAt: number;
  mutability: TagMutability;
  /** Of basic scanning; enhanced scanning takes every repository. */
  readonly scanOnPush: boolean;
  readonly images: Map<string, StoredImage>;
  readonly tags: Map<string, string>;
  /** Digests of the blobs that were uploaded or mounted here. */
  readonly layers: Set<string>;
}

export function tagsOf(repository: Repository, digest: string): readonly string[] {
  return [...repository.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
}

/** Tags of every image at once, for listings. */
export function tagsByDigest(repository: Repository): ReadonlyMap<string, readonly string[]> {
  const tags = Map.groupBy(repository.tags, ([, digest]) => digest);
  return new Map([...tags].map(([digest, pairs]) => [digest, pairs.map(([tag]) => tag)]));
}

/** ECR promises no order; by digest is an order that no caller can mistake for time. */
export function imagesInOrder(repository: Repository): readonly StoredImage[] {
  return [...repository.images.values()].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
}

export function parentsOf(repository: Repository, digest: string): readonly StoredImage[] {
  return [...repository.images.values()].filter((image) => hasChild(image, digest));
}

export function referrersOf(repository: Repository, subject: string): readonly StoredImage[] {
  return imagesInOrder(repository).filter((image) => image.manifest.subject === subject);
}

/** Images whose config or layer a blob is. */
export function imagesWithBlob(repository: Repository, digest: string): readonly StoredImage[] {
  return [...repository.images.values()].filter(({ manifest }) =>
    requiredBlobs(manifest).includes(digest),
  );
}

/**
 * Compressed layers; of an index the largest of its images. Source: API reference,
 * ImageDetail.imageSizeInBytes.
 */
export function sizeOf(repository: Repository, image: StoredImage): number {
  if (image.manifest.kind === "image") return total(image.manifest.layers);
  const children = image.manifest.children.map((child) => repository.images.get(child.digest));
  return Math.max(0, ...children.map((child) => (child ? sizeOf(repository, child) : 0)));
}

function hasChild(image: StoredImage, digest: string): boolean {
  return (
    image.manifest.kind === "index" &&
    image.manifest.children.some((child) => child.digest === digest)
  );
}

function total(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, descriptor) => sum + descriptor.size, 0);
}
