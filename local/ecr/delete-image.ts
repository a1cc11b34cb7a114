import { imageEvent } from "./events.ts";
import { lookUp } from "./image-id.ts";
import type { ImageFailure, ImageId } from "./image-id.ts";
import type { Registry } from "./registry.ts";
import { parentsOf, tagsOf } from "./repository.ts";
import type { Repository, StoredImage } from "./repository.ts";

/**
 * By digest all of it goes; by tag the tag, and with the last tag the image; what stands in the way
 * is given back. Source: API reference, BatchDeleteImage.
 */
export function deleteImage(
  registry: Registry,
  repository: Repository,
  imageId: ImageId,
): ImageFailure | undefined {
  const found = lookUp(repository, imageId);
  if (found.kind === "failed") return found.failure;
  const { image } = found;
  const tags = tagsOf(repository, image.digest);
  const isLast = imageId.imageTag === undefined || tags.length === 1;
  const parents = isLast ? parentsOf(repository, image.digest) : [];
  if (parents.length > 0) return stillReferenced(imageId, parents);
  const removed = imageId.imageTag === undefined ? tags : [imageId.imageTag];
  for (const tag of removed) repository.tags.delete(tag);
  if (isLast) remove(registry, repository, image);
  for (const tag of removed.length > 0 ? removed : [undefined]) {
    registry.context.emit(imageEvent(repository.name, "DELETE", { image, tag }));
  }
  return undefined;
}

function remove(registry: Registry, repository: Repository, image: StoredImage): void {
  registry.storage.removeImage(repository, image);
  registry.scanner.forget(repository, image.digest);
}

function stillReferenced(imageId: ImageId, parents: readonly StoredImage[]): ImageFailure {
  const digests = parents.map((parent) => parent.digest).join(", ");
  const failureReason = `Requested image referenced by manifest list: [${digests}]`;
  return { imageId, failureCode: "ImageReferencedByManifestList", failureReason };
}
