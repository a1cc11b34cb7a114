import { digestOf } from "./digest.ts";
import { EcrFault, repositoryNotFound, unmetConstraint } from "./ecr-fault.ts";
import { requiredBlobs } from "./manifest.ts";
import type { Repository, StoredImage } from "./repository.ts";
import type { TagMutability } from "./tag-mutability.ts";

/** What makes a repository, whoever makes it: the options of the cloud, CreateRepository, or a push. */
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
  remove(repository: Repository): void;
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
      checkNewName(settings.name, repositories, account);
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
    remove(repository) {
      repositories.delete(repository.name);
      for (const digest of repository.layers) storage.dropBlob(repository, digest);
    },
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

/** Source: API reference, CreateRepository.repositoryName. */
const nameGrammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

function isRepositoryName(name: string): boolean {
  return name.length >= 2 && name.length <= 256 && nameGrammar.test(name);
}

function checkNewName(
  name: string,
  repositories: ReadonlyMap<string, unknown>,
  account: string,
): void {
  if (!isRepositoryName(name)) {
    throw unmetConstraint(
      "repositoryName",
      `must satisfy regular expression '${nameGrammar.source}'`,
    );
  }
  if (repositories.has(name)) {
    const message = `The repository with name '${name}' already exists in the registry with id '${account}'`;
    throw new EcrFault("RepositoryAlreadyExistsException", message);
  }
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
