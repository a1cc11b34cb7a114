import { imageEvent } from "./events.ts";
import { lookUp } from "./image-id.ts";
import type { ImageFailure, ImageId } from "./image-id.ts";
import type { Registry } from "./registry.ts";
import { parentsOf, tagsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";

/** A batch call reports failures beside its successes, so a failure is a value here. */
export type Deletion =
  | { readonly kind: "deleted"; readonly imageIds: readonly ImageId[] }
  | { readonly kind: "failed"; readonly failure: ImageFailure };

/**
 * By digest all of it goes; by tag the tag, and with the last tag the image. Source: API reference,
 * BatchDeleteImage.
 */
export function deleteImage(
  registry: Registry,
  repository: Repository,
  imageId: ImageId,
): Deletion {
  const found = lookUp(repository, imageId);
  if (found.kind === "failed") return found;
  const { image } = found;
  const tags = tagsOf(repository, image.digest);
  const isLast = imageId.imageTag === undefined || tags.length === 1;
  const parents = isLast ? parentsOf(repository, image.digest) : [];
  if (parents.length > 0) return { kind: "failed", failure: stillReferenced(imageId, parents) };
  const removed = imageId.imageTag === undefined ? tags : [imageId.imageTag];
  for (const tag of removed) repository.tags.delete(tag);
  if (isLast) remove(registry, repository, image);
  return { kind: "deleted", imageIds: announced(registry, repository, { image, tags: removed }) };
}

function remove(registry: Registry, repository: Repository, image: StoredImage): void {
  registry.storage.removeImage(repository, image);
  registry.scanner.forget(repository, image.digest);
}

interface Removal {
  readonly image: StoredImage;
  readonly tags: readonly string[];
}

function announced(
  registry: Registry,
  repository: Repository,
  { image, tags }: Removal,
): readonly ImageId[] {
  const gone = tags.length > 0 ? tags : [undefined];
  for (const tag of gone) {
    registry.context.emit(imageEvent(repository.name, "DELETE", { image, tag }));
  }
  return gone.map((tag) => ({
    imageDigest: image.digest,
    ...(tag !== undefined && { imageTag: tag }),
  }));
}

function stillReferenced(imageId: ImageId, parents: readonly StoredImage[]): ImageFailure {
  const digests = parents.map((parent) => parent.digest).join(", ");
  const failureReason = `Requested image referenced by manifest list: [${digests}]`;
  return { imageId, failureCode: "ImageReferencedByManifestList", failureReason };
}
