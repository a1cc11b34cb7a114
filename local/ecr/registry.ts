import type { CloudContext } from "../service.ts";
import type { Credentials } from "./credentials.ts";
import type { LayerDownloads } from "./layer-downloads.ts";
import type { LayerUploads } from "./layer-uploads.ts";
import type { Repository } from "./repository.ts";
import type { Scanner } from "./scanner.ts";
import type { Storage } from "./storage.ts";

export interface RegistrySettings {
  /** A push to a missing repository makes it, as a creation template for CREATE_ON_PUSH does. */
  readonly createOnPush: boolean;
  /**
   * The answer to a push of the same tag and digest to an immutable tag. Reports differ:
   * ImageTagAlreadyExistsException in aws/containers-roadmap issue 2179,
   * ImageAlreadyExistsException in aws/aws-sdk issue 750.
   */
  readonly immutableRepeat: "ImageTagAlreadyExistsException" | "ImageAlreadyExistsException";
}

/** One registry: what the JSON API and the distribution API share. */
export interface Registry {
  readonly context: CloudContext;
  readonly settings: RegistrySettings;
  readonly storage: Storage;
  readonly uploads: LayerUploads;
  readonly downloads: LayerDownloads;
  readonly scanner: Scanner;
  readonly credentials: Credentials;
  /** Account settings such as BLOB_MOUNTING. */
  readonly accountSettings: Map<string, string>;
}

/** The repository that is pushed to, made on the way where the registry says so. */
export function repositoryForPush(registry: Registry, name: string): Repository {
  const { storage, settings, context } = registry;
  if (!settings.createOnPush || storage.find(name)) return storage.get(name);
  const mutability = { mode: "MUTABLE", exclusions: [] } as const;
  return storage.create({ name, mutability, scanOnPush: true }, context.clock.now());
}
