import type { World } from "./world.ts";

interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/**
 * How every AWS client is made: two tries, because a longer wait belongs to the state machine. What the SDK would read from the process
 * is read from the world, so that two clouds can live in one process. `service` as in `AWS_ENDPOINT_URL_<SERVICE>`.
 */
export function clientSettings({ env }: World, service: string): ClientSettings {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env["AWS_ENDPOINT_URL"];
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } : undefined;
  return { region: required(env, "AWS_REGION"), maxAttempts: 2, ...(endpoint ? { endpoint } : {}), ...(keys ? { credentials: keys } : {}) };
}

export function required(env: World["env"], name: string): string {
  const value = env[name];
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set; serverless.yml sets it for every function that needs it`);
  return value;
}

const made = new WeakMap<World, Map<string, unknown>>();

/** One client of a kind for a world, made when it is first asked for. */
export function once<Client>(world: World, kind: string, make: () => Client): Client {
  const clients = made.get(world) ?? new Map<string, unknown>();
  made.set(world, clients);
  if (!clients.has(kind)) clients.set(kind, make());
  return clients.get(kind) as Client;
}
