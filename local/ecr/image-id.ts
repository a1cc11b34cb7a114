import type { Repository, StoredImage } from "./repository.ts";

/** By digest, by tag, or by both, which then must agree. Source: API reference, ImageIdentifier. */
export interface ImageId {
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

/** Failure codes are those of the service model (ImageFailureCode). */
export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

export type Lookup =
  | { readonly kind: "found"; readonly image: StoredImage; readonly tag: string | undefined }
  | { readonly kind: "failed"; readonly failure: ImageFailure };

export function lookUp(repository: Repository, imageId: ImageId): Lookup {
  const { imageDigest, imageTag } = imageId;
  const malformed = malformedId(imageId);
  if (malformed) return { kind: "failed", failure: malformed };
  const tagged = imageTag === undefined ? undefined : repository.tags.get(imageTag);
  if (imageTag !== undefined && tagged === undefined) {
    return { kind: "failed", failure: notFound(imageId) };
  }
  const image = repository.images.get(imageDigest ?? tagged ?? "");
  if (!image) return { kind: "failed", failure: notFound(imageId) };
  if (tagged !== undefined && tagged !== image.digest) {
    return { kind: "failed", failure: mismatch(imageId) };
  }
  return { kind: "found", image, tag: imageTag };
}

function malformedId(imageId: ImageId): ImageFailure | undefined {
  const { imageDigest, imageTag } = imageId;
  if (imageDigest === undefined && imageTag === undefined) {
    const failureReason = "Invalid request parameters: both tag and digest cannot be null";
    return { imageId, failureCode: "MissingDigestAndTag", failureReason };
  }
  if (imageDigest !== undefined && !digestGrammar.test(imageDigest)) {
    const failureReason = `Invalid request parameters: image digest should satisfy the regex '${digestGrammar.source}'`;
    return { imageId, failureCode: "InvalidImageDigest", failureReason };
  }
  if (imageTag === undefined || /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}$/.test(imageTag)) {
    return undefined;
  }
  return {
    imageId,
    failureCode: "InvalidImageTag",
    failureReason: "Invalid request parameters: image tag is invalid",
  };
}

/** The service's own pattern of a digest. Source: prowler-cloud/prowler pull request 603. */
const digestGrammar = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

function notFound(imageId: ImageId): ImageFailure {
  return { imageId, failureCode: "ImageNotFound", failureReason: "Requested image not found" };
}

function mismatch(imageId: ImageId): ImageFailure {
  const failureReason = "Requested image tag and digest do not belong to the same image";
  return { imageId, failureCode: "ImageTagDoesNotMatchDigest", failureReason };
}
