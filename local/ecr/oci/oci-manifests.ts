import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { answerBytes } from "../answer-bytes.ts";
import { manifestForTag } from "../convert-manifest.ts";
import type { ServedManifest } from "../convert-manifest.ts";
import { deleteImage } from "../delete-image.ts";
import { digestOf } from "../digest.ts";
import { EcrFault } from "../ecr-fault.ts";
import { lookUp } from "../image-id.ts";
import type { ImageId } from "../image-id.ts";
import { parseManifest } from "../manifest.ts";
import { putImage } from "../put-image.ts";
import type { PutImageRequest } from "../put-image.ts";
import type { Registry } from "../registry.ts";
import type { Repository, StoredImage } from "../repository.ts";
import { ociAnswer, OciFault } from "./oci-answer.ts";

export interface ManifestPlace {
  readonly name: string;
  readonly reference: string;
}

export function getManifest(
  registry: Registry,
  request: ServiceRequest,
  place: ManifestPlace,
): ServiceResponse {
  const repository = registry.storage.get(place.name);
  const found = lookUp(repository, imageIdOf(place.reference));
  // An archived image answers like a missing one. Source: ECR user guide, "Archiving an image".
  if (found.kind === "failed" || found.image.status === "ARCHIVED") throw manifestUnknown();
  if (request.method === "GET") notePull(registry, repository, found.image);
  const { bytes, mediaType } = negotiated(found.image, request, place.reference);
  const headers = { "content-type": mediaType, "docker-content-digest": digestOf(bytes) };
  // A manifest is always answered whole, whatever Range says.
  return ociAnswer(
    200,
    { ...answerBytes({ method: request.method, headers: {} }, bytes, headers).headers },
    bodyOf(request, bytes),
  );
}

export function putManifest(
  registry: Registry,
  request: ServiceRequest,
  place: ManifestPlace,
): ServiceResponse {
  const repository = registry.storage.get(place.name);
  const { imageTag: tag, imageDigest: digest } = imageIdOf(place.reference);
  const mediaType = request.headers["content-type"]?.split(";")[0]?.trim();
  const put = { bytes: request.body, mediaType, tag, digest };
  putOrKeep(registry, repository, put);
  const stored = digestOf(request.body);
  const { subject } = parseManifest(request.body, mediaType);
  return ociAnswer(201, {
    location: `/v2/${place.name}/manifests/${stored}`,
    "docker-content-digest": stored,
    // Distribution-spec, "Pushing manifests with subject": says that the registry keeps referrers itself.
    ...(subject !== undefined && { "oci-subject": subject }),
  });
}

/** Works since 2023 (aws/containers-roadmap issue 1229). */
export function deleteManifest(registry: Registry, place: ManifestPlace): ServiceResponse {
  const repository = registry.storage.get(place.name);
  const failure = deleteImage(registry, repository, imageIdOf(place.reference));
  if (!failure) return ociAnswer(202);
  if (failure.failureCode === "ImageNotFound") throw manifestUnknown();
  throw new OciFault(400, "DENIED", failure.failureReason);
}

/** A push that changes nothing is a success at this door, and no event. */
function putOrKeep(registry: Registry, repository: Repository, request: PutImageRequest): void {
  try {
    putImage(registry, repository, request);
  } catch (error) {
    if (!(error instanceof EcrFault) || error.code !== "ImageAlreadyExistsException") throw error;
  }
}

/** A tag cannot contain a colon, a digest must. */
function imageIdOf(reference: string): ImageId {
  return reference.includes(":") ? { imageDigest: reference } : { imageTag: reference };
}

/**
 * By digest there is no translation. Source: ECR user guide, "Container image manifest format
 * support".
 */
function negotiated(
  image: StoredImage,
  request: ServiceRequest,
  reference: string,
): ServedManifest {
  const accepted = (request.headers["accept"] ?? "")
    .split(",")
    .map((type) => type.split(";")[0]?.trim() ?? "");
  return manifestForTag(
    image,
    reference.includes(":") ? [] : accepted.filter((type) => type !== ""),
  );
}

function bodyOf(request: ServiceRequest, bytes: Buffer): Buffer | undefined {
  return request.method === "HEAD" ? undefined : bytes;
}

/** HEAD does not count as a pull. */
function notePull(registry: Registry, repository: Repository, image: StoredImage): void {
  repository.images.set(image.digest, { ...image, lastPulledAt: registry.context.clock.now() });
}

function manifestUnknown(): OciFault {
  return new OciFault(404, "MANIFEST_UNKNOWN", "Requested image not found");
}
