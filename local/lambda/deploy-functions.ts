import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { markedAddress } from "../caller-key.ts";
import type { Clock } from "../clock.ts";
import type { LocalCloudOptions } from "../cloud.ts";
import type { Caller } from "../service.ts";
import type { Stack, StackFunction } from "../template/read-stack.ts";
import type { DeployedFunction } from "./lambda.ts";
import { createFunctionPool, type Handler } from "./sandbox.ts";

export interface Deployment {
  readonly stack: Stack;
  readonly options: Pick<LocalCloudOptions, "configuration" | "podSpecs" | "root" | "log">;
  /** What points an unchanged client at this cloud. Asked late: the address is known once the gateway listens. */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly clock: Clock;
}

export interface Deployed {
  readonly functions: readonly DeployedFunction[];
  readonly callerOf: (accessKeyId: string | undefined) => Caller;
}

/** What a function module exports besides `handler`: the same handler in another world. */
type CreateHandler = (world: unknown) => Handler;

/** Every function of the stack, found by its handler path, with credentials that lead back to its role. */
export function deployFunctions(deployment: Deployment): Deployed {
  const callers = new Map<string, Caller>();
  const functions = deployment.stack.functions.map((settings) => deploy(settings, { deployment, callers }));
  const callerOf = (accessKeyId: string | undefined): Caller =>
    callers.get(accessKeyId ?? "") ?? { accessKeyId, role: undefined, functionName: undefined };
  return { functions, callerOf };
}

interface Deploying {
  readonly deployment: Deployment;
  readonly callers: Map<string, Caller>;
}

function deploy(settings: StackFunction, { deployment, callers }: Deploying): DeployedFunction {
  const start = async (accessKeyId: string): Promise<Handler> => {
    callers.set(accessKeyId, { accessKeyId, role: settings.roleArn, functionName: settings.name });
    const create = await load(settings, deployment.options.root);
    return create(worldOf({ settings, accessKeyId, deployment }));
  };
  return { settings, pool: createFunctionPool({ settings, clock: deployment.clock, start }) };
}

async function load({ handler }: StackFunction, root: string): Promise<CreateHandler> {
  const file = `${handler.slice(0, handler.lastIndexOf("."))}.ts`;
  const { createHandler } = (await import(pathToFileURL(join(root, file)).href)) as { createHandler: CreateHandler };
  return createHandler;
}

interface Surroundings {
  readonly settings: StackFunction;
  readonly accessKeyId: string;
  readonly deployment: Deployment;
}

function worldOf({ settings, accessKeyId, deployment: { options, environment, clock } }: Surroundings): unknown {
  const { configuration, podSpecs, log } = options;
  return {
    env: { ...markedEnvironment(environment(), accessKeyId), ...settings.environment, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: "local" },
    clock: { now: () => clock.now() },
    configurations: {
      read: () => Promise.resolve(configuration),
      podSpec: (application: string, name: string) => Promise.resolve(podSpecs[`${application}/${name}`] ?? []),
    },
    log: log ?? (() => undefined),
  };
}

/** Slack's calls are not signed by the container, so the address says which one makes them. */
function markedEnvironment(environment: Readonly<Record<string, string>>, accessKeyId: string): Readonly<Record<string, string>> {
  const { PROMOTER_SLACK_API: api } = environment;
  return api === undefined ? environment : { ...environment, PROMOTER_SLACK_API: markedAddress(api, accessKeyId) };
}
