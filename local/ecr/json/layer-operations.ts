import * as z from "zod";
import { isDigest } from "../digest.ts";
import { EcrFault, unmetConstraint } from "../ecr-fault.ts";
import type { LayerUpload } from "../layer-uploads.ts";
import { repositoryForPush } from "../registry.ts";
import type { Registry } from "../registry.ts";
import { imagesWithBlob } from "../repository.ts";
import type { Repository } from "../repository.ts";
import {
  checkRegistry,
  inRepository,
  jsonOperation,
  placeOf,
  repositoryOf,
} from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

export const batchCheckLayerAvailability = jsonOperation(
  z.object({ ...inRepository, layerDigests: z.array(z.string()).min(1).max(100) }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const [wellFormed, malformed] = [
      input.layerDigests.filter(isDigest),
      input.layerDigests.filter((d) => !isDigest(d)),
    ];
    return {
      layers: wellFormed.map((digest) => availability(registry, repository, digest)),
      failures: malformed.map(invalidLayerDigest),
    };
  },
);

export const getDownloadUrlForLayer = jsonOperation(
  z.object({ ...inRepository, layerDigest: z.string() }),
  (registry, { layerDigest, ...located }) => {
    const repository = repositoryOf(registry, located);
    if (!registry.storage.blob(repository, layerDigest)) {
      throw layerNotFound(registry, repository, layerDigest);
    }
    if (imagesWithBlob(repository, layerDigest).length === 0) {
      throw layerUnreferenced(registry, repository, layerDigest);
    }
    return { downloadUrl: registry.downloads.urlFor(layerDigest), layerDigest };
  },
);

/**
 * Sources: ECR user guide "Amazon ECR service quotas" (5 to 10 MiB), API reference UploadLayerPart
 * (20 MiB).
 */
const partSize = 10 * 1024 * 1024;
const largestPart = 20_971_520;
const smallestPart = 5 * 1024 * 1024;

export const initiateLayerUpload = jsonOperation(z.object(inRepository), (registry, input) => {
  checkRegistry(registry, input);
  const upload = registry.uploads.start(repositoryForPush(registry, input.repositoryName));
  return { uploadId: upload.id, partSize };
});

export const uploadLayerPart = jsonOperation(
  z.object({
    ...inRepository,
    uploadId: z.string(),
    partFirstByte: z.int().nonnegative(),
    partLastByte: z.int().nonnegative(),
    layerPartBlob: z.base64().max(Math.ceil(largestPart / 3) * 4),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const upload = uploadOf(registry, repository, input.uploadId);
    const bytes = Buffer.from(input.layerPartBlob, "base64");
    if (input.partFirstByte !== upload.size) throw outOfOrder(registry, repository, upload);
    if (input.partLastByte - input.partFirstByte + 1 !== bytes.length) {
      throw unmetConstraint(
        "layerPartBlob",
        "length must agree with partFirstByte and partLastByte",
      );
    }
    registry.uploads.append(upload, bytes);
    return {
      ...placeOf(registry, repository),
      uploadId: upload.id,
      lastByteReceived: upload.size - 1,
    };
  },
);

export const completeLayerUpload = jsonOperation(
  z.object({
    ...inRepository,
    uploadId: z.string(),
    layerDigests: z.array(z.string()).min(1).max(100),
  }),
  (registry, input) => {
    const repository = repositoryOf(registry, input);
    const upload = uploadOf(registry, repository, input.uploadId);
    const layerDigest = input.layerDigests[0] ?? "";
    checkCompletable(registry, repository, { upload, layerDigest });
    if (!registry.uploads.complete(repository, upload, layerDigest)) throw wrongDigest(layerDigest);
    return { ...placeOf(registry, repository), uploadId: upload.id, layerDigest };
  },
);

/**
 * A layer counts as archived when every image that needs it is. Source: API reference,
 * LayerAvailability.
 */
function availability(registry: Registry, repository: Repository, layerDigest: string): JsonAnswer {
  const bytes = registry.storage.blob(repository, layerDigest);
  if (!bytes) return { layerDigest, layerAvailability: "UNAVAILABLE" };
  const images = imagesWithBlob(repository, layerDigest);
  const archived = images.length > 0 && images.every((image) => image.status === "ARCHIVED");
  return {
    layerDigest,
    layerAvailability: archived ? "ARCHIVED" : "AVAILABLE",
    layerSize: bytes.length,
  };
}

function invalidLayerDigest(layerDigest: string): JsonAnswer {
  const failureReason =
    "Invalid parameter at 'layerDigest' failed to satisfy constraint: 'Invalid digest'";
  return { layerDigest, failureCode: "InvalidLayerDigest", failureReason };
}

function uploadOf(registry: Registry, repository: Repository, id: string): LayerUpload {
  const upload = registry.uploads.find(repository, id);
  if (upload) return upload;
  throw new EcrFault(
    "UploadNotFoundException",
    `The upload with id '${id}' ${within(registry, repository)} could not be found`,
  );
}

/**
 * "The layer part size is not valid, or the first byte specified is not consecutive to the last
 * byte of a previous layer part upload."
 */
function outOfOrder(registry: Registry, repository: Repository, upload: LayerUpload): EcrFault {
  const message = `The layer part upload with id '${upload.id}' ${within(registry, repository)} does not continue at byte ${upload.size}`;
  const place = { ...placeOf(registry, repository), uploadId: upload.id };
  return new EcrFault("InvalidLayerPartException", message, {
    ...place,
    lastValidByteReceived: upload.size - 1,
  });
}

interface Completion {
  readonly upload: LayerUpload;
  readonly layerDigest: string;
}

/**
 * What CompleteLayerUpload refuses before it reads a byte. Source: API reference,
 * CompleteLayerUpload, "Errors".
 */
function checkCompletable(
  registry: Registry,
  repository: Repository,
  { upload, layerDigest }: Completion,
): void {
  if (registry.storage.blob(repository, layerDigest)) {
    const message = `Layer with digest '${layerDigest}' already exists ${within(registry, repository)}`;
    throw new EcrFault("LayerAlreadyExistsException", message);
  }
  if (upload.parts.slice(0, -1).some((part) => part.length < smallestPart)) {
    throw new EcrFault("LayerPartTooSmallException", "Layer parts must be at least 5 MiB in size");
  }
}

function wrongDigest(digest: string): EcrFault {
  return new EcrFault(
    "InvalidLayerException",
    `The layer digest calculation did not match the specified digest '${digest}'`,
  );
}

/** Text of monken/aws-ecr-public issue 11. */
function layerNotFound(registry: Registry, repository: Repository, digest: string): EcrFault {
  return new EcrFault(
    "LayersNotFoundException",
    `The layer with digest ${digest} does not exist ${within(registry, repository)}`,
  );
}

/**
 * "Unassociated image layers may be cleaned up at any time." Source: API reference,
 * LayerInaccessibleException.
 */
function layerUnreferenced(registry: Registry, repository: Repository, digest: string): EcrFault {
  const message = `The layer with digest '${digest}' ${within(registry, repository)} is not associated with any image`;
  return new EcrFault("LayerInaccessibleException", message);
}

function within(registry: Registry, repository: Repository): string {
  return `within the repository with name '${repository.name}' in the registry with id '${registry.context.account}'`;
}
