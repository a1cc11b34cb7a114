import * as z from "zod";
import { jsonOperation, timestamp } from "./json-operation.ts";

/** One token serves every registry that the caller may reach; the old member registryIds is ignored. */
export const getAuthorizationToken = jsonOperation(z.object({}), (registry) => {
  const { authorizationToken, expiresAt } = registry.credentials.issue();
  const proxyEndpoint = registry.context.origin();
  return {
    authorizationData: [{ authorizationToken, expiresAt: timestamp(expiresAt), proxyEndpoint }],
  };
});

export const describeRegistry = jsonOperation(z.object({}), (registry) => ({
  registryId: registry.context.account,
  replicationConfiguration: { rules: [] },
}));

/** Source: API reference, PutAccountSetting. Blob mounting is off until somebody turns it on. */
const settingDefaults: Readonly<Record<string, string>> = {
  BASIC_SCAN_TYPE_VERSION: "AWS_NATIVE",
  REGISTRY_POLICY_SCOPE: "V2",
  BLOB_MOUNTING: "DISABLED",
};
const settingName = z.enum(["BASIC_SCAN_TYPE_VERSION", "REGISTRY_POLICY_SCOPE", "BLOB_MOUNTING"]);

export const getAccountSetting = jsonOperation(
  z.object({ name: settingName }),
  (registry, { name }) => ({
    name,
    value: registry.accountSettings.get(name) ?? settingDefaults[name],
  }),
);

export const putAccountSetting = jsonOperation(
  z.object({ name: settingName, value: z.string() }),
  (registry, { name, value }) => {
    registry.accountSettings.set(name, value);
    return { name, value };
  },
);
