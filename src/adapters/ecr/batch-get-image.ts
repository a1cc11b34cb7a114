import {
  BatchGetImageCommand,
  type Image,
  type ImageFailure,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { PromoterError } from "../../domain/errors.ts";
import { imageManifestTypes, indexTypes } from "../../domain/image/media-types.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import { inBatches, type RegistryClient } from "./registry-client.ts";
import { callRegistry } from "./translate-error.ts";

/**
 * All four, so that ECR has nothing to convert: by tag it translates to a type that the caller
 * accepts, by digest never (ECR user guide, "Container image manifest format support").
 */
const mediaTypes = [...indexTypes, ...imageManifestTypes];

export interface ImageLookup {
  readonly images: readonly Image[];
  /** In the registry, but not available: archived (ECR API reference, ImageFailure). */
  readonly inaccessible: readonly ImageIdentifier[];
}

/**
 * Looks images up by tag and digest. ECR answers a missing one among the failures; it throws
 * nothing for it.
 */
export async function batchGetImage(
  registry: RegistryClient,
  repository: RepositoryName,
  ids: readonly ImageIdentifier[],
): Promise<ImageLookup> {
  const { client, registryId } = registry;
  const attempt = {
    doing: "reading",
    reference: `${repository} (${ids.map(nameOf).join(", ")})`,
    action: "ecr:BatchGetImage",
  };
  const answers = await inBatches(ids, (imageIds) =>
    callRegistry(attempt, async () => {
      const command = new BatchGetImageCommand({
        registryId,
        repositoryName: repository,
        imageIds,
        acceptedMediaTypes: mediaTypes,
      });
      return [await client.send(command)];
    }),
  );
  const failures = answers.flatMap((answer) => answer.failures ?? []);
  for (const failure of failures) checkFailure(repository, failure);
  const inaccessible = failures
    .filter(({ failureCode }) => failureCode === "ImageInaccessible")
    .map(({ imageId = {} }) => imageId);
  return { images: answers.flatMap((answer) => answer.images ?? []), inaccessible };
}

function nameOf({ imageTag, imageDigest }: ImageIdentifier): string {
  return imageTag ?? imageDigest ?? "";
}

const absences: ReadonlySet<string | undefined> = new Set(["ImageNotFound", "ImageInaccessible"]);
const upstreamTroubles: ReadonlySet<string | undefined> = new Set([
  "UpstreamTooManyRequests",
  "UpstreamUnavailable",
]);

function checkFailure(
  repository: RepositoryName,
  { imageId = {}, failureCode, failureReason }: ImageFailure,
): void {
  if (absences.has(failureCode)) return;
  const expected = `reading ${repository}:${nameOf(imageId)}: expected the image or that there is none`;
  const got = `${expected}, got ${failureCode}: ${failureReason}`;
  const details = { repository, image: nameOf(imageId), failureCode };
  if (upstreamTroubles.has(failureCode)) {
    throw new PromoterError("RegistryUnavailable", `${got}; try again later`, { details });
  }
  throw new PromoterError(
    "RegistryRefused",
    `${got}; check the repository, its KMS key and what the role allows for ecr:BatchGetImage`,
    { details },
  );
}
