import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { LambdaReply } from "../step-functions/interpreter/run.ts";

/** A handler as Lambda calls it. */
export type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

export interface LambdaContext {
  readonly functionName: string;
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A container of a function: one invocation at a time, with credentials of its own. */
export interface Sandbox {
  readonly accessKeyId: string;
  readonly handler: Handler;
}

export interface FunctionPool {
  invoke(payload: unknown): Promise<LambdaReply>;
  /** The sandbox of these credentials is gone: it answers nothing any more, and its calls lead nowhere. */
  kill(accessKeyId: string): boolean;
}

export interface PoolOptions {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  /** Makes the handler with the credentials of its sandbox. */
  readonly start: (accessKeyId: string) => Promise<Handler>;
  /** A key that is not an AWS key, so that no real account could ever accept it. */
  readonly newKey?: () => string;
}

/** The containers of one function: a free one is used again, as Lambda does, else a new one starts. */
export function createFunctionPool({ settings, clock, start, newKey = localKey }: PoolOptions): FunctionPool {
  const free: Sandbox[] = [];
  const dying = new Map<string, () => void>();
  const run = async (sandbox: Sandbox, payload: unknown): Promise<LambdaReply> => {
    const killed = new Promise<LambdaReply>((resolve) => dying.set(sandbox.accessKeyId, () => resolve(exited)));
    const reply = await Promise.race([killed, call(sandbox, { settings, clock, payload })]);
    dying.delete(sandbox.accessKeyId);
    if (reply !== exited) free.push(sandbox);
    return reply;
  };
  return {
    async invoke(payload) {
      return run(free.pop() ?? (await startSandbox(start, newKey())), payload);
    },
    kill(accessKeyId) {
      const die = dying.get(accessKeyId);
      die?.();
      return die !== undefined;
    },
  };
}

/** What Step Functions reports of a function whose process ended (Lambda developer guide, Runtime.ExitError). */
const exited: LambdaReply = { kind: "error", errorType: "Lambda.Unknown", errorMessage: "The cause could not be determined because Lambda did not return an error type. RequestId: local Error: Runtime exited without providing a reason" };

async function startSandbox(start: PoolOptions["start"], accessKeyId: string): Promise<Sandbox> {
  return { accessKeyId, handler: await start(accessKeyId) };
}

function localKey(): string {
  return `LOCAL${randomUUID().replaceAll("-", "").slice(0, 15).toUpperCase()}`;
}

interface Call {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  readonly payload: unknown;
}

/** Payload and result cross as JSON, as they do in AWS: nothing is shared by reference. */
async function call({ handler }: Sandbox, { settings, clock, payload }: Call): Promise<LambdaReply> {
  const deadline = clock.now() + settings.timeout * 1000;
  const context = { functionName: settings.name, awsRequestId: randomUUID(), getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()) };
  try {
    const result = await handler(structuredClone(payload), context);
    return { kind: "ok", payload: result === undefined ? null : JSON.parse(JSON.stringify(result)) };
  } catch (error) {
    return errorReply(error);
  }
}

function errorReply(error: unknown): LambdaReply {
  if (!(error instanceof Error)) return { kind: "error", errorType: "Error", errorMessage: String(error) };
  return { kind: "error", errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n").slice(0, 10) };
}
