import type { World } from "./world.ts";

interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: Patience;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** Milliseconds, for each try; options of the SDK's NodeHttpHandler. */
export interface Patience {
  /** Until there is a connection. It counts from the call on, so also while more calls are under way than there are sockets (50). */
  readonly connectionTimeout: number;
  /** That a service may be silent, before its answer and within it. `requestTimeout` would end with the head of the answer. */
  readonly socketTimeout: number;
}

/** Without these the SDK waits for ever. Two silent tries fit into the 5 seconds in which a writing step starts no call any more. */
const usual: Patience = { connectionTimeout: 3_000, socketTimeout: 2_000 };

/**
 * How every AWS client is made: two tries, because a longer wait belongs to the state machine. What the SDK would read from the process
 * is read from the world, so that two clouds can live in one process. `service` as in `AWS_ENDPOINT_URL_<SERVICE>`.
 */
export function clientSettings({ env }: World, service: string, requestHandler = usual): ClientSettings {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env["AWS_ENDPOINT_URL"];
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } : undefined;
  return { region: required(env, "AWS_REGION"), maxAttempts: 2, requestHandler, ...(endpoint ? { endpoint } : {}), ...(keys ? { credentials: keys } : {}) };
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
