import type { CloudContext, Service, ServiceRequest, ServiceResponse } from "../service.ts";
import { createControls } from "./controls.ts";
import type { EcrControls } from "./controls.ts";
import { createCredentials } from "./credentials.ts";
import type { FixedCredentials } from "./credentials.ts";
import { answerJson } from "./json/json-api.ts";
import { createLayerDownloads, downloadPrefix } from "./layer-downloads.ts";
import { createLayerUploads } from "./layer-uploads.ts";
import { answerOci } from "./oci/oci-api.ts";
import { ecrOperation, isDistribution } from "./operation.ts";
import type { Registry, RegistrySettings } from "./registry.ts";
import { createScanner } from "./scanner.ts";
import type { ScannerOptions } from "./scanner.ts";
import { createStorage } from "./storage.ts";
import type { RepositorySettings } from "./storage.ts";
import type { TagMutability } from "./tag-mutability.ts";

export interface EcrOptions {
  readonly repositories: readonly RepositoryOptions[];
  /** BASIC unless said otherwise; what an image's scan comes to when `scanner.set` does not say. */
  readonly scanning?: ScannerOptions;
  readonly blobMounting?: "ENABLED" | "DISABLED";
  readonly immutableRepeat?: RegistrySettings["immutableRepeat"];
  /** Accepted at the distribution API besides the tokens of GetAuthorizationToken. */
  readonly credentials?: FixedCredentials;
  /** Asks nobody at the distribution API to log in. */
  readonly anonymous?: boolean;
}

interface RepositoryOptions {
  readonly name: string;
  readonly imageTagMutability?: TagMutability["mode"];
  /** Wildcard patterns. */
  readonly imageTagMutabilityExclusionFilters?: readonly string[];
  /**
   * Basic scanning when an image arrives; on unless said otherwise, as under a registry rule for
   * `*`.
   */
  readonly scanOnPush?: boolean;
}

export type Ecr = Service & EcrControls;

/** Elastic Container Registry: the JSON API and the OCI distribution API over one storage. */
export function createEcr(context: CloudContext, options: EcrOptions): Ecr {
  const registry = createRegistry(context, options);
  return {
    name: "ecr",
    endpointVariable: "AWS_ENDPOINT_URL_ECR",
    signingNames: ["ecr"],
    prefixes: [
      { prefix: "/v2", strip: false },
      { prefix: downloadPrefix, strip: false },
    ],
    operation: (request) =>
      ecrOperation({ context, scanning: registry.scanner.configuration.type }, request),
    handle: async (request) => answer(registry, request),
    close: async () => registry.scanner.close(),
    ...createControls(registry),
  };
}

function answer(registry: Registry, request: ServiceRequest): ServiceResponse {
  if (isDistribution(request)) return answerOci(registry, request);
  if (request.path.startsWith(downloadPrefix)) return registry.downloads.answer(request);
  return answerJson(registry, request);
}

function createRegistry(context: CloudContext, options: EcrOptions): Registry {
  const storage = createStorage(context.account);
  for (const repository of options.repositories) {
    storage.create(settingsOf(repository), context.clock.now());
  }
  const { immutableRepeat = "ImageTagAlreadyExistsException", anonymous = false } = options;
  return {
    context,
    settings: { immutableRepeat },
    storage,
    uploads: createLayerUploads(storage, context.account),
    downloads: createLayerDownloads(context, storage),
    scanner: createScanner(context, storage, options.scanning ?? { type: "BASIC" }),
    credentials: createCredentials(context.clock, { fixed: options.credentials, anonymous }),
    accountSettings: new Map(options.blobMounting && [["BLOB_MOUNTING", options.blobMounting]]),
  };
}

function settingsOf(options: RepositoryOptions): RepositorySettings {
  const {
    name,
    imageTagMutability = "MUTABLE",
    imageTagMutabilityExclusionFilters = [],
    scanOnPush = true,
  } = options;
  return {
    name,
    mutability: { mode: imageTagMutability, exclusions: imageTagMutabilityExclusionFilters },
    scanOnPush,
  };
}
