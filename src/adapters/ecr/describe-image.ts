import { DescribeImagesCommand, type ImageDetail, type ImageIdentifier } from "@aws-sdk/client-ecr";
import { PromoterError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/image/digest.ts";
import type { RepositoryName } from "../../domain/image/repository.ts";
import { isTag } from "../../domain/image/tag.ts";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import type { RegistryClient } from "./registry-client.ts";
import { callRegistry } from "./translate-error.ts";

export function describeImage(registry: RegistryClient): ImageRegistry["describeImage"] {
  return async ({ repository, digest }) => {
    const detail = await describeImages(registry, repository, { imageDigest: digest });
    if (!detail) return undefined;
    if (!detail.imagePushedAt) throw missingPushTime(repository, digest);
    return {
      digest,
      tags: (detail.imageTags ?? []).filter(isTag),
      pushedAt: detail.imagePushedAt.getTime(),
      mediaType: detail.imageManifestMediaType ?? "",
      // Being restored (ACTIVATING) takes up to 20 minutes, and until then it cannot be pulled (ECR
      // user guide, "Restoring an archived image").
      archived: detail.imageStatus !== undefined && detail.imageStatus !== "ACTIVE",
    };
  };
}

/** Without it the age is unknown, and an invented age could pass. */
function missingPushTime(repository: RepositoryName, digest: Digest): PromoterError {
  return new PromoterError(
    "RegistryRefused",
    `describing ${repository}@${digest}: expected a push time, got none; push the image again`,
    { details: { repository, digest } },
  );
}

/**
 * One image of any status; without the filter ECR leaves out archived ones (ECR API reference,
 * DescribeImagesFilter).
 */
export async function describeImages(
  registry: RegistryClient,
  repository: RepositoryName,
  imageId: ImageIdentifier,
): Promise<ImageDetail | undefined> {
  const { client, registryId } = registry;
  const reference = `${repository} (${imageId.imageTag ?? imageId.imageDigest})`;
  const command = new DescribeImagesCommand({
    registryId,
    repositoryName: repository,
    imageIds: [imageId],
    filter: { imageStatus: "ANY" },
  });
  return callRegistry(
    { doing: "describing", reference, action: "ecr:DescribeImages" },
    async () => {
      try {
        return (await client.send(command)).imageDetails?.[0];
      } catch (error) {
        if (error instanceof Error && error.name === "ImageNotFoundException") return undefined;
        throw error;
      }
    },
  );
}
