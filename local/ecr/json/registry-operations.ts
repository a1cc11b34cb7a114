import * as z from "zod";
import { unsupported } from "../../unsupported.ts";
import { jsonOperation, timestamp } from "./json-operation.ts";

/** One token serves every registry that the caller may reach; the old member registryIds is ignored. */
export const getAuthorizationToken = jsonOperation(z.object({}), (registry) => {
  const { authorizationToken, expiresAt } = registry.credentials.issue();
  const proxyEndpoint = registry.context.origin();
  return {
    authorizationData: [{ authorizationToken, expiresAt: timestamp(expiresAt), proxyEndpoint }],
  };
});

/** Off until somebody turns it on. Source: API reference, PutAccountSetting. */
export const putAccountSetting = jsonOperation(
  z.object({
    name: z.literal("BLOB_MOUNTING", {
      error: ({ input }) => unsupported(`the account setting ${String(input)}`),
    }),
    value: z.string(),
  }),
  (registry, { name, value }) => {
    registry.accountSettings.set(name, value);
    return { name, value };
  },
);
