import type { ImageRegistry } from "../../ports/image-registry.ts";
import { describeImage } from "./describe-image.ts";
import { missingLayers } from "./missing-layers.ts";
import { putTag } from "./put-tag.ts";
import { readBlob } from "./read-blob.ts";
import { readImage, readManifests } from "./read-manifests.ts";
import type { RegistryClient } from "./registry-client.ts";
import { repositoryMutability } from "./repository-mutability.ts";
import { resolveTags } from "./resolve-tags.ts";

export interface EcrImageRegistryOptions extends RegistryClient {
  /** For the storage that ECR points to. */
  readonly fetch: typeof fetch;
}

/** Amazon ECR as our registry of images. Nothing here can delete. */
export function ecrImageRegistry(options: EcrImageRegistryOptions): ImageRegistry {
  return {
    readImage: readImage(options),
    missingLayers: missingLayers(options),
    readManifests: readManifests(options),
    resolveTags: resolveTags(options),
    describeImage: describeImage(options),
    readBlob: readBlob(options, options.fetch),
    mutability: repositoryMutability(options),
    putTag: putTag(options),
  };
}
