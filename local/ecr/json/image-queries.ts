import * as z from "zod";
import type { PageRequest } from "../../aws/page.ts";
import { unsupported } from "../../unsupported.ts";
import { EcrFault, invalidParameter } from "../ecr-fault.ts";
import { lookUp } from "../image-id.ts";
import type { ImageId } from "../image-id.ts";
import { artifactMediaType } from "../manifest.ts";
import { page } from "../page.ts";
import type { Registry } from "../registry.ts";
import { imagesInOrder, referrersOf, sizeOf, tagsByDigest } from "../repository.ts";
import type { Repository, StoredImage } from "../repository.ts";
import {
  imageId,
  inRepository,
  jsonOperation,
  paged,
  placeOf,
  repositoryOf,
  timestamp,
} from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

const unsupportedField = (what: string) => z.undefined({ error: unsupported(what) }).optional();
const filter = z
  .object({
    tagStatus: unsupportedField("the filter tagStatus"),
    imageStatus: z.enum(["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"]).optional(),
  })
  .optional();
type Filter = z.infer<typeof filter>;

export const describeImages = jsonOperation(
  z.object({
    ...inRepository,
    ...paged,
    filter,
    imageIds: z.array(imageId).min(1).max(100).optional(),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const tags = tagsByDigest(repository);
    const detail = (image: StoredImage): JsonAnswer =>
      imageDetail({ registry, repository, tags }, image);
    if (input.imageIds) {
      checkUnpaged(input);
      const named = input.imageIds.map((id) => imageOrThrow(registry, repository, id));
      return { imageDetails: [...new Set(named)].map(detail) };
    }
    const { items, ...rest } = page(filtered(repository, input.filter), input, 100);
    return { imageDetails: items.map(detail), ...rest };
  },
);

/** One entry for each tag, and one for an image without tags. */
export const listImages = jsonOperation(
  z.object({ ...inRepository, ...paged, filter }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const tags = tagsByDigest(repository);
    const ids = filtered(repository, input.filter).flatMap((image) =>
      idsOf(image, tags.get(image.digest) ?? []),
    );
    const { items, ...rest } = page(ids, input, 100);
    return { imageIds: items, ...rest };
  },
);

/** Source: API reference, ListImageReferrers: pages of 20, at most 50. */
export const listImageReferrers = jsonOperation(
  z.object({
    ...inRepository,
    nextToken: z.string().optional(),
    maxResults: z.int().min(1).max(50).optional(),
    subjectId: z.object({ imageDigest: z.string() }),
    filter: unsupportedField("the filter of ListImageReferrers"),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const referrers = referrersOf(repository, input.subjectId.imageDigest).filter(
      (image) => image.status === "ACTIVE",
    );
    const { items, ...rest } = page(referrers, input, 20);
    return { referrers: items.map(referrer), ...rest };
  },
);

export function imageOrThrow(registry: Registry, repository: Repository, id: ImageId): StoredImage {
  const found = lookUp(repository, id);
  if (found.kind === "found") return found.image;
  if (found.failure.failureCode !== "ImageNotFound") {
    throw invalidParameter(found.failure.failureReason);
  }
  const { account } = registry.context;
  const named = `{imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'}`;
  const where = `repository with name '${repository.name}' in the registry with id '${account}'`;
  throw new EcrFault(
    "ImageNotFoundException",
    `The image with imageId ${named} does not exist within the ${where}`,
  );
}

/** Source: API reference, DescribeImages: nextToken and maxResults cannot be used with imageIds. */
function checkUnpaged(input: PageRequest): void {
  if (input.nextToken === undefined && input.maxResults === undefined) return;
  throw invalidParameter(
    "maxResults and nextToken cannot be used when you specify images with imageIds",
  );
}

/**
 * "If not specified, only images with ACTIVE status are returned." Source: API reference,
 * DescribeImagesFilter.
 */
function filtered(repository: Repository, wanted: Filter): readonly StoredImage[] {
  const status = wanted?.imageStatus ?? "ACTIVE";
  return imagesInOrder(repository).filter((image) => status === "ANY" || image.status === status);
}

interface DetailSource {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

/**
 * Neither imageScanStatus nor imageScanFindingsSummary: native basic scanning does not fill them
 * (API reference, ImageDetail), nor does enhanced scanning (aws/containers-roadmap issue 1662).
 */
function imageDetail({ registry, repository, tags }: DetailSource, image: StoredImage): JsonAnswer {
  const imageTags = tags.get(image.digest);
  const artifact = artifactMediaType(image.manifest);
  const { subject } = image.manifest;
  return {
    ...placeOf(registry, repository),
    imageDigest: image.digest,
    ...(imageTags && { imageTags }),
    imageSizeInBytes: sizeOf(repository, image),
    imagePushedAt: timestamp(image.pushedAt),
    imageManifestMediaType: image.manifest.mediaType,
    ...(artifact !== undefined && { artifactMediaType: artifact }),
    ...(subject !== undefined && { subjectManifestDigest: subject }),
    imageStatus: image.status,
    ...momentsOf(image),
  };
}

function momentsOf(image: StoredImage): JsonAnswer {
  const moments = {
    lastRecordedPullTime: image.lastPulledAt,
    lastArchivedAt: image.lastArchivedAt,
  };
  const known = Object.entries(moments).flatMap(([name, at]) =>
    at === undefined ? [] : [[name, timestamp(at)]],
  );
  return Object.fromEntries(known);
}

function idsOf(image: StoredImage, tags: readonly string[]): readonly JsonAnswer[] {
  const imageDigest = image.digest;
  return tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
}

/** Source: API reference, ImageReferrer. */
function referrer(image: StoredImage): JsonAnswer {
  const artifactType = artifactMediaType(image.manifest);
  const { annotations, mediaType } = image.manifest;
  return {
    digest: image.digest,
    mediaType,
    ...(artifactType !== undefined && { artifactType }),
    size: image.bytes.length,
    ...(annotations && { annotations }),
    artifactStatus: image.status,
  };
}
