import { BatchCheckLayerAvailabilityCommand } from "@aws-sdk/client-ecr";
import type { ImageRegistry } from "../../ports/image-registry.ts";
import { inBatches, type RegistryClient } from "./registry-client.ts";
import { callRegistry } from "./translate-error.ts";

export function missingLayers({
  client,
  registryId,
}: RegistryClient): ImageRegistry["missingLayers"] {
  return async (repository, layers) => {
    const attempt = {
      doing: "checking the layers of",
      reference: repository,
      action: "ecr:BatchCheckLayerAvailability",
    };
    const known = await inBatches([...new Set(layers)], (layerDigests) =>
      callRegistry(attempt, async () => {
        const command = new BatchCheckLayerAvailabilityCommand({
          registryId,
          repositoryName: repository,
          layerDigests,
        });
        return (await client.send(command)).layers ?? [];
      }),
    );
    // UNAVAILABLE, ARCHIVED and layers listed among the failures all count as missing.
    const ready = new Set(
      known
        .filter(({ layerAvailability }) => layerAvailability === "AVAILABLE")
        .map(({ layerDigest }) => layerDigest),
    );
    return [...new Set(layers)].filter((layer) => !ready.has(layer));
  };
}
