import type { CloudContext } from "../service.ts";
import type { Credentials } from "./credentials.ts";
import type { LayerDownloads } from "./layer-downloads.ts";
import type { LayerUploads } from "./layer-uploads.ts";
import type { Scanner } from "./scanner.ts";
import type { Storage } from "./storage.ts";

export interface RegistrySettings {
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
