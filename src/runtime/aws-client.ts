import { sendInTime } from "./invocation.ts";
import { once } from "./once.ts";
import { patienceOf } from "./patience.ts";
import type { World } from "./world.ts";

/** Milliseconds, for each try; options of the SDK's NodeHttpHandler. */
export interface Patience {
  /**
   * Until there is a connection. It starts with the call, so it also covers waiting for one of the
   * 50 sockets.
   */
  readonly connectionTimeout: number;
  /**
   * How long a service may be silent, before and within its answer. `requestTimeout` would only
   * cover the wait for the head of the answer.
   */
  readonly socketTimeout: number;
}

export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: Patience;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

interface ClientOptions {
  /** As in `AWS_ENDPOINT_URL_<SERVICE>`. */
  readonly service: string;
  /** Default: that of the function. */
  readonly region?: string;
  /** How long an answer may take, milliseconds, where that is more than usual. */
  readonly silence?: number;
}

/**
 * Without these the SDK waits forever. Two silent tries fit into the last 5 seconds, in which a
 * writing step starts no call.
 */
export const patience: Patience = { connectionTimeout: 3_000, socketTimeout: 2_000 };

interface AwsClient {
  readonly config: {
    readonly requestHandler: { handle(request: unknown, options?: object): Promise<unknown> };
  };
}

/**
 * The only way to a client of the SDK: one per service, which sends nothing after the deadline of
 * its run, retries included. Two tries, because longer waits belong to the state machine. What the
 * SDK would read from the process is read from the world, so that two clouds can live in one
 * process.
 */
export function awsClient<Client extends AwsClient>(
  world: World,
  {
    service,
    region = required(world.env, "AWS_REGION"),
    silence = patience.socketTimeout,
  }: ClientOptions,
  make: (settings: ClientSettings) => Client,
): Client {
  return once(world, `${service} ${region}`, () => {
    const client = make({
      region,
      maxAttempts: 2,
      requestHandler: patienceIn(world, silence),
      ...addressOf(world, service),
    });
    sendOnlyInTime(client, world);
    return client;
  });
}

function patienceIn(world: World, silence: number): Patience {
  const times = patienceOf(world);
  return { connectionTimeout: patience.connectionTimeout * times, socketTimeout: silence * times };
}

/** The handler makes each try, so this also covers the retries of the SDK. */
function sendOnlyInTime({ config: { requestHandler } }: AwsClient, world: World): void {
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) =>
    sendInTime(world, (abortSignal) =>
      handle(request, { ...options, ...(abortSignal && { abortSignal }) }),
    );
}

function addressOf(
  { env }: World,
  service: string,
): Pick<ClientSettings, "endpoint" | "credentials"> {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env["AWS_ENDPOINT_URL"];
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  const credentials =
    accessKeyId && secretAccessKey
      ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
      : undefined;
  return { ...(endpoint && { endpoint }), ...(credentials && { credentials }) };
}

export function required(env: World["env"], name: string): string {
  const value = env[name];
  if (value === undefined || value === "") {
    const what = `the environment variable ${name} is not set`;
    throw new Error(`${what}; serverless.yml sets it for every function that needs it`);
  }
  return value;
}
