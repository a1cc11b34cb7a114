import { ECRClient, GetAuthorizationTokenCommand, type ECRClientConfig } from "@aws-sdk/client-ecr";
import type { Registry } from "../src/domain/configuration.ts";
import { registryHost } from "../src/domain/image/registry-host.ts";
import type { LocalState } from "./local-state.ts";

/** A registry to push to, and as whom. */
export interface RegistryLogin {
  readonly origin: string;
  readonly credentials: { readonly user: string; readonly password: string };
}

/** Logs in as `docker login` would with what `aws ecr get-login-password` prints. */
export async function logInLocally({ origin, region }: LocalState): Promise<RegistryLogin> {
  const credentials = { accessKeyId: "LOCALPERSON", secretAccessKey: "local" };
  return { origin, credentials: await token({ region, endpoint: origin, credentials }) };
}

/** The SDK finds the credentials; the token is good for every registry that they may use. */
export async function logInToEcr(registry: Registry): Promise<RegistryLogin> {
  const { region } = registry;
  return { origin: `https://${registryHost(registry)}`, credentials: await token({ region }) };
}

/** Milliseconds; without them the SDK waits forever. */
const limits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

async function token(config: ECRClientConfig): Promise<RegistryLogin["credentials"]> {
  const client = new ECRClient({ ...limits, ...config });
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand());
  const encoded = authorizationData?.[0]?.authorizationToken ?? "";
  const password = Buffer.from(encoded, "base64").toString("utf8").replace(/^AWS:/, "");
  return { user: "AWS", password };
}
