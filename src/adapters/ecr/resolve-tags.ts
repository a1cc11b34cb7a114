import { PromoterError } from "../../domain/errors.ts";
import { parseDigest, type Digest } from "../../domain/image/digest.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { Tag } from "../../domain/image/tag.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import { batchGetImage, type ImageLookup } from "./batch-get-image.ts";
import { describeImages } from "./describe-image.ts";
import type { RegistryClient } from "./registry-client.ts";

/** BatchGetImage and not DescribeImages, which throws as soon as one of the tags does not exist. */
export function resolveTags(registry: RegistryClient): ImageRegistry["resolveTags"] {
  return async (repository, tags) => {
    const found = await batchGetImage(
      registry,
      repository,
      [...new Set(tags)].map((imageTag) => ({ imageTag })),
    );
    return readTags(registry, repository, { tags, found });
  };
}

/** A tag on an archived image still counts as taken; what it points at takes a call of its own. */
export async function readTags(
  registry: RegistryClient,
  repository: RepositoryName,
  { tags, found }: { readonly tags: readonly Tag[]; readonly found: ImageLookup },
): Promise<ReadonlyMap<Tag, Digest>> {
  const archived = new Set(found.inaccessible.map(({ imageTag }) => imageTag));
  const resolved = new Map<Tag, Digest>();
  for (const tag of new Set(tags)) {
    const imageId = archived.has(tag) ? { imageTag: tag } : undefined;
    const text = imageId
      ? (await describeImages(registry, repository, imageId))?.imageDigest
      : taggedDigest(tag, found);
    if (text !== undefined) resolved.set(tag, requireDigest(text, `${repository}:${tag}`));
  }
  return resolved;
}

function taggedDigest(tag: Tag, { images }: ImageLookup): string | undefined {
  return images.find(({ imageId }) => imageId?.imageTag === tag)?.imageId?.imageDigest;
}

export function requireDigest(text: string | undefined, reference: string): Digest {
  const digest = parseDigest(text ?? "");
  if (digest) return digest;
  throw new PromoterError(
    "RegistryRefused",
    `reading ${reference}: expected a sha256 digest, got ${JSON.stringify(text)}; only sha256 is supported`,
    { details: { reference } },
  );
}
