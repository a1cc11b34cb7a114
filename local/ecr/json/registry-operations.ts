import * as z from "zod";
import { repositoryArn } from "../events.ts";
import type { Registry } from "../registry.ts";
import type { Repository } from "../repository.ts";
import { jsonOperation, timestamp } from "./json-operation.ts";
import type { JsonAnswer } from "./json-operation.ts";

/** One token serves every registry that the caller may reach; the old member registryIds is ignored. */
export const getAuthorizationToken = jsonOperation(z.object({}), (registry) => {
  const { authorizationToken, expiresAt } = registry.credentials.issue();
  const proxyEndpoint = registry.context.origin();
  return { authorizationData: [{ authorizationToken, expiresAt: timestamp(expiresAt), proxyEndpoint }] };
});

export const describeRegistry = jsonOperation(z.object({}), (registry) => ({
  registryId: registry.context.account,
  replicationConfiguration: { rules: [] },
}));

export const getRegistryScanningConfiguration = jsonOperation(z.object({}), (registry) => ({
  registryId: registry.context.account,
  scanningConfiguration: {
    scanType: registry.scanner.type,
    rules: [{ scanFrequency: frequencyOf(registry), repositoryFilters: [everyRepository] }],
  },
}));

export const batchGetRepositoryScanningConfiguration = jsonOperation(
  z.object({ repositoryNames: z.array(z.string()).min(1).max(25) }),
  (registry, { repositoryNames }) => ({
    scanningConfigurations: repositoryNames
      .flatMap((name) => registry.storage.find(name) ?? [])
      .map((repository) => scanningConfiguration(registry, repository)),
    failures: repositoryNames
      .filter((name) => !registry.storage.find(name))
      .map((repositoryName) => ({ repositoryName, failureCode: "REPOSITORY_NOT_FOUND" })),
  }),
);

/** Source: API reference, PutAccountSetting. Blob mounting is off until somebody turns it on. */
const settingDefaults: Readonly<Record<string, string>> = {
  BASIC_SCAN_TYPE_VERSION: "AWS_NATIVE",
  REGISTRY_POLICY_SCOPE: "V2",
  BLOB_MOUNTING: "DISABLED",
};
const settingName = z.enum(["BASIC_SCAN_TYPE_VERSION", "REGISTRY_POLICY_SCOPE", "BLOB_MOUNTING"]);

export const getAccountSetting = jsonOperation(z.object({ name: settingName }), (registry, { name }) => ({
  name,
  value: registry.accountSettings.get(name) ?? settingDefaults[name],
}));

export const putAccountSetting = jsonOperation(
  z.object({ name: settingName, value: z.string() }),
  (registry, { name, value }) => {
    registry.accountSettings.set(name, value);
    return { name, value };
  },
);

const everyRepository = { filter: "*", filterType: "WILDCARD" };

function frequencyOf(registry: Registry): string {
  return registry.scanner.type === "ENHANCED" ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH";
}

function scanningConfiguration(registry: Registry, repository: Repository): JsonAnswer {
  const { account, region } = registry.context;
  const scanned = registry.scanner.type === "ENHANCED" || repository.scanOnPush;
  return {
    repositoryArn: repositoryArn({ account, region, repository: repository.name }),
    repositoryName: repository.name,
    scanOnPush: scanned,
    scanFrequency: scanned ? frequencyOf(registry) : "MANUAL",
    appliedScanFilters: scanned ? [everyRepository] : [],
  };
}
