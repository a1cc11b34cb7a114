import { createHash } from "node:crypto";
import { PromoterError } from "../../src/domain/errors.ts";
import type { Digest } from "../../src/domain/image/digest.ts";
import type { Mutability } from "../../src/domain/image/mutability.ts";
import type { RepositoryName } from "../../src/domain/image/repository.ts";
import type { StoredManifest } from "../../src/domain/image/stored-manifest.ts";
import type { Tag } from "../../src/domain/image/tag.ts";
import type { ImageRef, ImageRegistry, PutOutcome } from "../../src/ports/image-registry.ts";

export interface FakeImage {
  readonly manifest: StoredManifest;
  /** Of an image; an index has none. */
  readonly config: Digest | undefined;
  /** Configuration and layers, or the children of an index. */
  readonly parts: readonly Digest[];
  readonly pushedAt: number;
  readonly archived: boolean;
}

export interface ImageContents {
  readonly tag?: Tag;
  /** `os/architecture`; linux/amd64 unless said otherwise. */
  readonly platform?: string;
  /** Different contents give different digests. */
  readonly content?: string;
}

export interface FakeImageRegistry extends ImageRegistry {
  addRepository(name: RepositoryName): void;
  addImage(repository: RepositoryName, contents?: ImageContents): FakeImage;
  addIndex(
    repository: RepositoryName,
    index: {
      readonly tag?: Tag;
      readonly images: readonly { readonly platform: string; readonly image: FakeImage }[];
    },
  ): FakeImage;
  /** Any manifest, whether it is one or not. */
  addManifest(
    repository: RepositoryName,
    manifest: { readonly mediaType: string; readonly text: string; readonly tag?: Tag },
  ): StoredManifest;
  addBlob(repository: RepositoryName, bytes: Uint8Array): Digest;
  setMutability(repository: RepositoryName, mutability: Mutability): void;
  archive(image: ImageRef): void;
  removeImage(image: ImageRef): void;
  dropLayer(repository: RepositoryName, layer: Digest): void;
  tagsOf(repository: RepositoryName): ReadonlyMap<Tag, Digest>;
  /** The next call of that method fails with it, and does nothing. */
  failNext(method: keyof ImageRegistry, error: Error): void;
  /** Names of the methods that were called, in order. */
  readonly calls: readonly (keyof ImageRegistry)[];
}

interface Repository {
  readonly images: Map<Digest, FakeImage>;
  readonly tags: Map<Tag, Digest>;
  readonly blobs: Map<Digest, Uint8Array>;
  mutability: Mutability;
}

export function fakeImageRegistry({ now }: { readonly now: () => number }): FakeImageRegistry {
  const repositories = new Map<RepositoryName, Repository>();
  const failures = new Map<keyof ImageRegistry, Error[]>();
  const calls: (keyof ImageRegistry)[] = [];
  const called = (method: keyof ImageRegistry): void => {
    calls.push(method);
    const failure = failures.get(method)?.shift();
    if (failure) throw failure;
  };
  return {
    ...portOf((name) => repositories.get(name) ?? missingRepository(name), called),
    ...controlsOf(repositories, now),
    calls,
    failNext: (method, error) =>
      void failures.set(method, [...(failures.get(method) ?? []), error]),
  };
}

function portOf(
  find: (name: RepositoryName) => Repository,
  called: (method: keyof ImageRegistry) => void,
): ImageRegistry {
  return {
    async readImage({ repository, digest }, tags) {
      called("readImage");
      return {
        manifest: manifestsIn(find(repository), [digest])[0],
        tags: holders(find(repository), tags),
      };
    },
    async readManifests(name, digests) {
      called("readManifests");
      return manifestsIn(find(name), digests);
    },
    async resolveTags(name, tags) {
      called("resolveTags");
      return holders(find(name), tags);
    },
    async missingLayers(name, layers) {
      called("missingLayers");
      return [...new Set(layers)].filter((layer) => !find(name).blobs.has(layer));
    },
    async describeImage({ repository, digest }) {
      called("describeImage");
      const image = find(repository).images.get(digest);
      if (!image) return undefined;
      const tags = [...find(repository).tags]
        .filter(([, holder]) => holder === digest)
        .map(([tag]) => tag);
      return {
        digest,
        tags,
        pushedAt: image.pushedAt,
        mediaType: image.manifest.mediaType,
        archived: image.archived,
      };
    },
    async readBlob({ repository, digest }) {
      called("readBlob");
      return find(repository).blobs.get(digest) ?? missingParts(repository, digest);
    },
    async mutability(names) {
      called("mutability");
      return new Map(names.map((name) => [name, find(name).mutability]));
    },
    async putTag(name, tag, manifest) {
      called("putTag");
      return putTag(find(name), { name, tag, manifest });
    },
  };
}

function controlsOf(
  repositories: Map<RepositoryName, Repository>,
  now: () => number,
): Omit<FakeImageRegistry, keyof ImageRegistry | "calls" | "failNext"> {
  const made = (name: RepositoryName): Repository => {
    const repository = repositories.get(name) ?? {
      images: new Map(),
      tags: new Map(),
      blobs: new Map(),
      mutability: { mode: "MUTABLE", exclusions: [] },
    };
    repositories.set(name, repository);
    return repository;
  };
  const store = (
    name: RepositoryName,
    image: Omit<FakeImage, "pushedAt" | "archived">,
    tag: Tag | undefined,
  ): FakeImage => {
    const stored = { ...image, pushedAt: now(), archived: false };
    made(name).images.set(stored.manifest.digest, stored);
    if (tag) made(name).tags.set(tag, stored.manifest.digest);
    return stored;
  };
  return {
    addRepository: (name) => void made(name),
    addImage(name, contents = {}) {
      const { image, blobs } = buildImage(contents);
      for (const [digest, text] of blobs) made(name).blobs.set(digest, Buffer.from(text));
      return store(name, image, contents.tag);
    },
    addIndex: (name, { tag, images }) => store(name, buildIndex(images), tag),
    addManifest: (name, { mediaType, text, tag }) =>
      store(name, { manifest: blob(mediaType, text), config: undefined, parts: [] }, tag).manifest,
    addBlob(name, bytes) {
      const digest = digestOf(bytes);
      made(name).blobs.set(digest, bytes);
      return digest;
    },
    setMutability: (name, mutability) => void (made(name).mutability = mutability),
    archive({ repository, digest }) {
      const image = made(repository).images.get(digest);
      if (image) made(repository).images.set(digest, { ...image, archived: true });
    },
    removeImage({ repository, digest }) {
      const { images, tags } = made(repository);
      images.delete(digest);
      for (const [tag, holder] of tags) if (holder === digest) tags.delete(tag);
    },
    dropLayer: (name, layer) => void made(name).blobs.delete(layer),
    tagsOf: (name) => new Map(made(name).tags),
  };
}

function manifestsIn(
  { images }: Repository,
  digests: readonly Digest[],
): readonly StoredManifest[] {
  return digests.flatMap((digest) => {
    const image = images.get(digest);
    return image && !image.archived ? [image.manifest] : [];
  });
}

function holders(repository: Repository, tags: readonly Tag[]): ReadonlyMap<Tag, Digest> {
  const wanted = new Set(tags);
  return new Map([...repository.tags].filter(([tag]) => wanted.has(tag)));
}

function missingRepository(name: RepositoryName): never {
  throw new PromoterError(
    "RegistryRefused",
    `reading ${name}: expected a repository, got none; create it`,
  );
}

function missingParts(name: RepositoryName, digest: Digest): never {
  throw new PromoterError(
    "ImageMissing",
    `reading ${name}@${digest}: expected all its parts, got none; push the image again`,
  );
}

interface Placement {
  readonly name: RepositoryName;
  readonly tag: Tag;
  readonly manifest: StoredManifest;
}

function putTag(repository: Repository, { name, tag, manifest }: Placement): PutOutcome {
  const holder = repository.tags.get(tag);
  if (holder === manifest.digest) return "was-there";
  if (holder !== undefined && isImmutable(repository.mutability, tag)) {
    throw new PromoterError(
      "TagConflict",
      `tagging ${name}:${tag}: expected ${manifest.digest}, got ${holder}; promote another version`,
    );
  }
  const parts = repository.images.get(manifest.digest)?.parts;
  const complete = parts?.every(
    (part) => repository.blobs.has(part) || repository.images.has(part),
  );
  if (!complete) missingParts(name, manifest.digest);
  repository.tags.set(tag, manifest.digest);
  return "written";
}

function isImmutable({ mode, exclusions }: Mutability, tag: Tag): boolean {
  const excluded = exclusions.some((filter) =>
    new RegExp(`^${filter.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag),
  );
  return mode.startsWith("IMMUTABLE") ? !excluded : mode === "MUTABLE_WITH_EXCLUSION" && excluded;
}

function buildImage({ platform = "linux/amd64", content = "" }: ImageContents): {
  image: Omit<FakeImage, "pushedAt" | "archived">;
  blobs: [Digest, string][];
} {
  const [os, architecture] = platform.split("/");
  const layer = blob("application/vnd.oci.image.layer.v1.tar+gzip", `layer ${content}`);
  const config = blob(
    "application/vnd.oci.image.config.v1+json",
    JSON.stringify({ os, architecture, rootfs: { type: "layers", diff_ids: [layer.digest] } }),
  );
  const document = { schemaVersion: 2, config: descriptor(config), layers: [descriptor(layer)] };
  const manifest = manifestOf("application/vnd.oci.image.manifest.v1+json", document);
  const image = { manifest, config: config.digest, parts: [config.digest, layer.digest] };
  return {
    image,
    blobs: [
      [config.digest, config.text],
      [layer.digest, layer.text],
    ],
  };
}

function buildIndex(
  images: readonly { readonly platform: string; readonly image: FakeImage }[],
): Omit<FakeImage, "pushedAt" | "archived"> {
  const manifests = images.map(({ platform, image: { manifest } }) => {
    const [os, architecture] = platform.split("/");
    return { ...descriptor(manifest), platform: { os, architecture } };
  });
  const manifest = manifestOf("application/vnd.oci.image.index.v1+json", {
    schemaVersion: 2,
    manifests,
  });
  return { manifest, config: undefined, parts: images.map(({ image }) => image.manifest.digest) };
}

function blob(mediaType: string, text: string): StoredManifest {
  return { digest: digestOf(text), mediaType, text };
}

function digestOf(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}` as Digest;
}

function descriptor({ mediaType, digest, text }: StoredManifest): {
  mediaType: string;
  digest: Digest;
  size: number;
} {
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function manifestOf(mediaType: string, document: object): StoredManifest {
  return blob(mediaType, JSON.stringify({ ...document, mediaType }));
}
