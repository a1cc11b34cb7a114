import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Configuration } from "../domain/configuration.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import type { LambdaHandler } from "./lambda.ts";
import type { World } from "./world.ts";

/** Written beside the bundles when the stack is packaged. */
interface PackagedStack {
  readonly configuration: Configuration;
  readonly podSpecs: Readonly<Record<string, readonly KubernetesObject[]>>;
}

/**
 * The handler that Lambda calls: made at the first call, so that importing the module reads
 * nothing.
 */
export function inLambda(create: (world: World) => LambdaHandler): LambdaHandler {
  let handler: LambdaHandler | undefined;
  return (event, context) => (handler ??= create(realWorld()))(event, context);
}

/**
 * The function as Lambda starts it: environment, clock, and the configuration that was packaged
 * with it, read once per container; a failed read is not kept.
 */
function realWorld(): World {
  let packaged: Promise<PackagedStack> | undefined;
  const read = (): Promise<PackagedStack> => (packaged ??= readPackaged().catch(forget));
  const forget = (error: unknown): never => {
    packaged = undefined;
    throw error;
  };
  return {
    env: process.env,
    clock: { now: () => Date.now() },
    at(time, action) {
      const timer = setTimeout(action, Math.max(0, time - Date.now()));
      return () => clearTimeout(timer);
    },
    pause: (milliseconds) => sleep(milliseconds),
    exit: () => process.exit(1),
    configurations: {
      read: async () => (await read()).configuration,
      podSpec: async (application, environment) =>
        (await read()).podSpecs[`${application}/${environment}`] ?? [],
    },
    log: (record) => console.log(JSON.stringify(record)),
  };
}

/**
 * LAMBDA_TASK_ROOT: where the code was unpacked (Lambda developer guide, "Defined runtime
 * environment variables").
 */
async function readPackaged(): Promise<PackagedStack> {
  const {
    LAMBDA_TASK_ROOT: folder = process.cwd(),
    PROMOTER_CONFIGURATION: place = "promoter.json",
  } = process.env;
  return JSON.parse(await readFile(resolve(folder, place), "utf8")) as PackagedStack;
}
