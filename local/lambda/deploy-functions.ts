import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { markedAddress } from "../caller-key.ts";
import { isVirtual, type Clock } from "../clock.ts";
import type { LocalCloudOptions } from "../cloud-options.ts";
import type { Caller } from "../service.ts";
import type { StackFunction } from "../template/read-functions.ts";
import type { Stack } from "../template/read-stack.ts";
import { createFunctionPool, type FunctionPool } from "./function-pool.ts";
import { inProcessSandbox, type Handler } from "./in-process-sandbox.ts";
import type { DeployedFunction } from "./lambda.ts";
import { startProcessSandbox } from "./process-sandbox.ts";
import { killed } from "./replies.ts";
import type { Sandbox } from "./sandbox.ts";

export interface Deployment {
  readonly stack: Stack;
  readonly options: Pick<
    LocalCloudOptions,
    "configuration" | "podSpecs" | "root" | "log" | "packaged"
  >;
  /**
   * What points an unchanged client at this cloud. Asked late: the address is known once the
   * gateway listens.
   */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly clock: Clock;
}

export interface Deployed {
  readonly functions: readonly DeployedFunction[];
  readonly callerOf: (accessKeyId: string | undefined) => Caller;
  /**
   * Whether the sandbox of these credentials was ended: what is left of it reaches nothing any
   * more.
   */
  readonly isDead: (accessKeyId: string | undefined) => boolean;
  readonly kill: (accessKeyId: string) => void;
}

/**
 * Every function of the stack, found by its handler path, with credentials that lead back to its
 * role.
 */
export function deployFunctions(deployment: Deployment): Deployed {
  const owners = new Map<string, DeployedFunction>();
  const ownerOf = (accessKeyId: string | undefined): DeployedFunction | undefined =>
    owners.get(accessKeyId ?? "");
  return {
    functions: deployment.stack.functions.map((settings) =>
      deploy(settings, { deployment, owners }),
    ),
    callerOf(accessKeyId) {
      const settings = ownerOf(accessKeyId)?.settings;
      return { accessKeyId, role: settings?.roleArn, functionName: settings?.name };
    },
    isDead: (accessKeyId) => ownerOf(accessKeyId)?.pool.isDead(accessKeyId ?? "") ?? false,
    kill: (accessKeyId) => ownerOf(accessKeyId)?.pool.exit(accessKeyId, killed),
  };
}

function deploy(
  settings: StackFunction,
  {
    deployment,
    owners,
  }: { readonly deployment: Deployment; readonly owners: Map<string, DeployedFunction> },
): DeployedFunction {
  const start = deployment.options.packaged === undefined ? startInProcess : startPackaged;
  const pool: FunctionPool = createFunctionPool({
    settings,
    clock: deployment.clock,
    start(accessKeyId) {
      owners.set(accessKeyId, deployed);
      return start({
        settings,
        accessKeyId,
        deployment,
        exit: () => pool.exit(accessKeyId, { code: 1, signal: null }),
      });
    },
  });
  const deployed = { settings, pool };
  return deployed;
}

interface Surroundings {
  readonly settings: StackFunction;
  readonly accessKeyId: string;
  readonly deployment: Deployment;
  /** What a function that runs from its source has in place of `process.exit(1)`. */
  readonly exit: () => void;
}

function startPackaged(surroundings: Surroundings): Promise<Sandbox> {
  const {
    settings,
    deployment: {
      options: { packaged = "", log = () => undefined },
    },
  } = surroundings;
  return startProcessSandbox({
    settings,
    folder: join(packaged, settings.key),
    environment: environmentOf(surroundings),
    log,
  });
}

/** What a function module exports besides `handler`: the same handler in another world. */
type CreateHandler = (world: unknown) => Handler;

async function startInProcess(surroundings: Surroundings): Promise<Sandbox> {
  const {
    settings,
    deployment: {
      clock,
      options: { root },
    },
  } = surroundings;
  const create = await load(settings, root);
  return inProcessSandbox({ settings, clock, handler: create(worldOf(surroundings)) });
}

async function load({ handler }: StackFunction, root: string): Promise<CreateHandler> {
  const file = `${handler.slice(0, handler.lastIndexOf("."))}.ts`;
  const { createHandler } = (await import(pathToFileURL(join(root, file)).href)) as {
    createHandler: CreateHandler;
  };
  return createHandler;
}

function worldOf(surroundings: Surroundings): unknown {
  const { exit } = surroundings;
  const {
    clock,
    options: { configuration, podSpecs, log },
  } = surroundings.deployment;
  return {
    env: environmentOf(surroundings),
    clock: { now: () => clock.now() },
    at: (time: number, action: () => void) => clock.at(time, action),
    pause: (milliseconds: number) => pause(clock, milliseconds),
    exit,
    configurations: {
      read: () => Promise.resolve(configuration),
      podSpec: (application: string, name: string) =>
        Promise.resolve(podSpecs[`${application}/${name}`] ?? []),
    },
    log: log ?? (() => undefined),
  };
}

/** A virtual clock stands still while a function works, so whoever sleeps in one makes it go on. */
function pause(clock: Clock, milliseconds: number): Promise<void> {
  const until = clock.now() + milliseconds;
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.at(until, resolve);
  if (isVirtual(clock)) clock.advanceTo(until);
  return promise;
}

/**
 * Of the functions' clients, times as much as in AWS: whoever does not answer here waits for the
 * processor, and the functions' own time limit, which counts no stalls, is the one that tells a
 * service that hangs.
 */
const patience = "10";

function environmentOf({
  settings,
  accessKeyId,
  deployment,
}: Surroundings): Readonly<Record<string, string>> {
  return {
    ...markedEnvironment(deployment.environment(), accessKeyId),
    ...settings.environment,
    PROMOTER_PATIENCE: patience,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** Slack's calls are not signed by the container, so the address says which one makes them. */
function markedEnvironment(
  environment: Readonly<Record<string, string>>,
  accessKeyId: string,
): Readonly<Record<string, string>> {
  const { PROMOTER_SLACK_API: api } = environment;
  return api === undefined
    ? environment
    : { ...environment, PROMOTER_SLACK_API: markedAddress(api, accessKeyId) };
}
