import * as z from "zod";
import { manifestForTag } from "../convert-manifest.ts";
import { lookUp } from "../image-id.ts";
import type { ImageFailure, ImageId } from "../image-id.ts";
import { putImage as put } from "../put-image.ts";
import type { Registry } from "../registry.ts";
import { tagsOf } from "../repository.ts";
import type { Repository, StoredImage } from "../repository.ts";
import {
  checkRegistry,
  imageId,
  inRepository,
  jsonOperation,
  placeOf,
  repositoryOf,
} from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

export const putImage = jsonOperation(
  z.object({
    ...inRepository,
    imageManifest: z.string().min(1),
    imageManifestMediaType: z.string().optional(),
    imageTag: z.string().min(1).max(300).optional(),
    imageDigest: z.string().optional(),
  }),
  (registry, input) => {
    checkRegistry(registry, input);
    const repository = registry.storage.get(input.repositoryName);
    const bytes = Buffer.from(input.imageManifest, "utf8");
    const { imageManifestMediaType: mediaType, imageTag: tag, imageDigest: digest } = input;
    const image = put(registry, repository, { bytes, mediaType, tag, digest });
    return { image: imageAnswer(registry, repository, { image, tag, accepted: [] }) };
  },
);

/** Source: API reference, BatchGetImage and BatchDeleteImage: 1 to 100 ids. */
const imageIds = z.array(imageId).min(1).max(100);

export const batchGetImage = jsonOperation(
  z.object({
    ...inRepository,
    imageIds,
    acceptedMediaTypes: z.array(z.string()).min(1).max(100).optional(),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const accepted = input.acceptedMediaTypes ?? [];
    const answers = distinct(input.imageIds).map((id) =>
      imageResult({ registry, repository, accepted }, id),
    );
    return {
      images: answers.flatMap((answer) => (answer.kind === "got" ? answer.images : [])),
      failures: answers.flatMap((answer) => (answer.kind === "failed" ? [answer.failure] : [])),
    };
  },
);

type ImageResult =
  | { readonly kind: "got"; readonly images: readonly JsonAnswer[] }
  | { readonly kind: "failed"; readonly failure: ImageFailure };

function imageResult(
  {
    registry,
    repository,
    accepted,
  }: {
    readonly registry: Registry;
    readonly repository: Repository;
    readonly accepted: readonly string[];
  },
  id: ImageId,
): ImageResult {
  const found = lookUp(repository, id);
  if (found.kind === "failed") return found;
  if (found.image.status === "ARCHIVED") return { kind: "failed", failure: inaccessible(id) };
  const image = { ...found.image, lastPulledAt: registry.context.clock.now() };
  repository.images.set(image.digest, image);
  // An image that is asked for by digest comes once for each of its tags.
  const tags = id.imageTag === undefined ? tagsOf(repository, image.digest) : [id.imageTag];
  const entries = tags.length > 0 ? tags : [undefined];
  const byTag = id.imageDigest === undefined;
  const types = byTag ? accepted : [];
  return {
    kind: "got",
    images: entries.map((tag) =>
      imageAnswer(registry, repository, { image, tag, accepted: types }),
    ),
  };
}

/**
 * A converted manifest keeps the digest under which the image is stored, so its bytes no longer
 * hash to it.
 */
function imageAnswer(
  registry: Registry,
  repository: Repository,
  {
    image,
    tag,
    accepted,
  }: {
    readonly image: StoredImage;
    readonly tag: string | undefined;
    readonly accepted: readonly string[];
  },
): JsonAnswer {
  const { bytes, mediaType } = manifestForTag(image, accepted);
  return {
    ...placeOf(registry, repository),
    imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
    imageManifest: bytes.toString("utf8"),
    imageManifestMediaType: mediaType,
  };
}

function distinct(ids: readonly ImageId[]): readonly ImageId[] {
  return [
    ...new Map(ids.map((id) => [`${id.imageDigest ?? ""} ${id.imageTag ?? ""}`, id])).values(),
  ];
}

/**
 * An archived image cannot be pulled until it is restored. Source: ECR user guide, "Archiving an
 * image".
 */
function inaccessible(id: ImageId): ImageFailure {
  return {
    imageId: id,
    failureCode: "ImageInaccessible",
    failureReason: "The requested image is archived",
  };
}
