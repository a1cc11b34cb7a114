import { createHash } from "node:crypto";
import type { Image } from "@aws-sdk/client-ecr";
import { PromoterError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/image/digest.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import type { StoredManifest } from "../../domain/image/stored-manifest.ts";
import type { Tag } from "../../domain/image/tag.ts";
import type { ImageRef, ImageRegistry } from "../../ports/image-registry.ts";
import { batchGetImage } from "./batch-get-image.ts";
import type { RegistryClient } from "./registry-client.ts";
import { readTags } from "./resolve-tags.ts";

export function readManifests(registry: RegistryClient): ImageRegistry["readManifests"] {
  return async (repository, digests) => {
    const { images } = await batchGetImage(
      registry,
      repository,
      [...new Set(digests)].map((imageDigest) => ({ imageDigest })),
    );
    return digests.flatMap((digest) => manifestOf(repository, digest, images) ?? []);
  };
}

export function readImage(registry: RegistryClient): ImageRegistry["readImage"] {
  return async ({ repository, digest }: ImageRef, tags: readonly Tag[]) => {
    const ids = [{ imageDigest: digest }, ...[...new Set(tags)].map((imageTag) => ({ imageTag }))];
    const found = await batchGetImage(registry, repository, ids);
    return {
      manifest: manifestOf(repository, digest, found.images),
      tags: await readTags(registry, repository, { tags, found }),
    };
  };
}

/** ECR may return the same digest several times, once per tag; the bytes are the same. */
function manifestOf(
  repository: RepositoryName,
  digest: Digest,
  images: readonly Image[],
): StoredManifest | undefined {
  const image = images.find(({ imageId }) => imageId?.imageDigest === digest);
  if (!image) return undefined;
  const { imageManifest: text = "", imageManifestMediaType: mediaType } = image;
  const actual = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  if (actual === digest && mediaType !== undefined) return { digest, mediaType, text };
  throw new PromoterError(
    "RegistryRefused",
    `reading ${repository}@${digest}: expected the bytes of that digest with their media type, ` +
      `got ${actual} of ${mediaType ?? "no media type"}; ` +
      "something on the way to ECR alters manifests: find it before promoting anything",
    { details: { repository, expected: digest, got: actual } },
  );
}
