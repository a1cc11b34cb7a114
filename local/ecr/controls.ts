import { storageClassEvent } from "./events.ts";
import type { Registry } from "./registry.ts";
import { imagesInOrder, tagsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";
import type { ScanRule } from "./scan-rules.ts";
import type { ScanType } from "./scan.ts";
import type { TagMutability } from "./tag-mutability.ts";

interface ImageView {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly mediaType: string;
  readonly pushedAt: number;
  readonly status: StoredImage["status"];
}

export interface ScannerControls {
  readonly type: ScanType;
  set(rule: ScanRule): void;
}

/** What a person does at the registry, or what befalls it, besides what clients ask for. */
export interface EcrControls {
  readonly scanner: ScannerControls;
  setMutability(repository: string, mutability: TagMutability): void;
  repositories(): readonly string[];
  images(repository: string): readonly ImageView[];
  /** Digests of the layers of an image, or of all images of an index, in their order. */
  layers(repository: string, digest: string): readonly string[];
  archive(repository: string, digest: string): void;
  /** Takes a blob away from under the images that need it. */
  dropLayer(repository: string, digest: string): void;
  storedBytes(): number;
}

export function createControls(registry: Registry): EcrControls {
  const { storage, scanner } = registry;
  return {
    scanner: {
      get type() {
        return scanner.configuration.type;
      },
      set: (rule) => scanner.set(rule),
    },
    setMutability(repository, mutability) {
      storage.get(repository).mutability = mutability;
    },
    repositories: () => storage.all().map(({ name }) => name),
    images: (repository) => viewsIn(storage.get(repository)),
    layers: (repository, digest) => layersOf(storage.get(repository), digest),
    archive: (repository, digest) => archive(registry, storage.get(repository), digest),
    dropLayer: (repository, digest) => storage.dropBlob(storage.get(repository), digest),
    storedBytes: () => storage.storedBytes(),
  };
}

function viewsIn(repository: Repository): readonly ImageView[] {
  return imagesInOrder(repository).map(({ digest, manifest, pushedAt, status }) => {
    return {
      digest,
      tags: tagsOf(repository, digest),
      mediaType: manifest.mediaType,
      pushedAt,
      status,
    };
  });
}

function layersOf(repository: Repository, digest: string): readonly string[] {
  const manifest = repository.images.get(digest)?.manifest;
  if (!manifest) return [];
  return manifest.kind === "image"
    ? manifest.layers.map((layer) => layer.digest)
    : manifest.children.flatMap((child) => layersOf(repository, child.digest));
}

function archive(registry: Registry, repository: Repository, digest: string): void {
  const image = repository.images.get(digest);
  if (!image) throw new Error(`${repository.name} has no image ${digest}`);
  const moved = {
    ...image,
    status: "ARCHIVED" as const,
    lastArchivedAt: registry.context.clock.now(),
  };
  repository.images.set(digest, moved);
  registry.context.emit(storageClassEvent(repository.name, moved));
}
