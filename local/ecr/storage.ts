import { digestOf } from "./digest.ts";
import { repositoryNotFound } from "./ecr-fault.ts";
import { requiredBlobs } from "./manifest.ts";
import type { Repository, StoredImage } from "./repository.ts";
import type { TagMutability } from "./tag-mutability.ts";

/** What makes a repository. */
export interface RepositorySettings {
  readonly name: string;
  readonly mutability: TagMutability;
  readonly scanOnPush: boolean;
}

export interface Storage {
  create(settings: RepositorySettings, now: number): Repository;
  find(name: string): Repository | undefined;
  /** Throws RepositoryNotFoundException. */
  get(name: string): Repository;
  all(): readonly Repository[];
  /** Keeps the bytes once per registry and makes them known to the repository. */
  addBlob(repository: Repository, bytes: Buffer): string;
  /** The bytes, if this repository knows them. */
  blob(repository: Repository, digest: string): Buffer | undefined;
  bytesOf(digest: string): Buffer | undefined;
  /** The last repository to know a blob takes its bytes along. */
  dropBlob(repository: Repository, digest: string): void;
  /** Forgets an image, and those of its blobs that no other image needs. */
  removeImage(repository: Repository, image: StoredImage): void;
  storedBytes(): number;
}

export function createStorage(account: string): Storage {
  const repositories = new Map<string, Repository>();
  const blobs = new Map<string, Buffer>();
  const storage: Storage = {
    create(settings, now) {
      const repository = emptyRepository(settings, now);
      repositories.set(settings.name, repository);
      return repository;
    },
    find: (name) => repositories.get(name),
    get(name) {
      const repository = repositories.get(name);
      if (!repository) throw repositoryNotFound(name, account);
      return repository;
    },
    all: () => [...repositories.values()],
    addBlob(repository, bytes) {
      const digest = digestOf(bytes);
      if (!blobs.has(digest)) blobs.set(digest, bytes);
      repository.layers.add(digest);
      return digest;
    },
    blob: (repository, digest) => (repository.layers.has(digest) ? blobs.get(digest) : undefined),
    bytesOf: (digest) => blobs.get(digest),
    dropBlob(repository, digest) {
      repository.layers.delete(digest);
      if (!storage.all().some((other) => other.layers.has(digest))) blobs.delete(digest);
    },
    removeImage(repository, image) {
      repository.images.delete(image.digest);
      for (const digest of unneededBlobs(repository, image)) storage.dropBlob(repository, digest);
    },
    storedBytes: () => totalBytes(blobs, storage.all()),
  };
  return storage;
}

function emptyRepository(settings: RepositorySettings, now: number): Repository {
  return { ...settings, createdAt: now, images: new Map(), tags: new Map(), layers: new Set() };
}

function unneededBlobs(repository: Repository, image: StoredImage): readonly string[] {
  const needed = new Set(
    [...repository.images.values()].flatMap((other) => requiredBlobs(other.manifest)),
  );
  return requiredBlobs(image.manifest).filter((digest) => !needed.has(digest));
}

function totalBytes(
  blobs: ReadonlyMap<string, Buffer>,
  repositories: readonly Repository[],
): number {
  const manifests = repositories.flatMap((repository) =>
    [...repository.images.values()].map((image) => image.bytes),
  );
  return [...blobs.values(), ...manifests].reduce((sum, bytes) => sum + bytes.length, 0);
}
