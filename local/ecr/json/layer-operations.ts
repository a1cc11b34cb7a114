import * as z from "zod";
import { isDigest } from "../digest.ts";
import { EcrFault } from "../ecr-fault.ts";
import type { Registry } from "../registry.ts";
import { imagesWithBlob } from "../repository.ts";
import type { Repository } from "../repository.ts";
import { inRepository, jsonOperation, repositoryOf } from "./json-operation.ts";
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
