import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { LambdaReply } from "../invocation.ts";
import type { FromProcess, ToProcess } from "./process-messages.ts";
import { exited, type Exit } from "./replies.ts";
import type { FunctionSettings, Sandbox } from "./sandbox.ts";

export interface ProcessOptions {
  readonly settings: Pick<FunctionSettings, "name" | "arn">;
  /** Where `index.mjs` and its `promoter.json` lie. */
  readonly folder: string;
  /** All that the process finds in its environment, besides what tells it where its bundle is. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  /**
   * Milliseconds after which a process that nobody invokes ends. Thirty functions in memory are
   * more than a gigabyte.
   */
  readonly idle?: number;
  /**
   * Milliseconds for loading the bundle; Lambda gives its init phase 10 seconds too (developer
   * guide, "lambda-runtime-environment").
   */
  readonly init?: number;
}

const program = fileURLToPath(new URL("./function-process.ts", import.meta.url));

/**
 * A function in a process of its own, which knows nothing but what the template gives it. Resolves
 * when it is loaded, or gone.
 */
export async function startProcessSandbox({
  settings,
  folder,
  environment,
  log,
  idle = 30_000,
  init = 10_000,
}: ProcessOptions): Promise<Sandbox> {
  const child = fork(program, [], {
    cwd: folder,
    execPath: process.execPath,
    execArgv: [],
    serialization: "json",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...environment,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: "index.handler",
      AWS_LAMBDA_FUNCTION_NAME: settings.name,
      TZ: "UTC",
    },
  });
  readLines(child.stdout, (line) =>
    log(recordOf(line) ?? { level: "info", function: settings.name, message: line }),
  );
  readLines(child.stderr, (line) =>
    log({ level: "error", function: settings.name, message: line }),
  );
  const gone = exitOf(child);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    child.kill("SIGKILL");
  };
  await within(
    init,
    Promise.race([nextMessage(child, ({ kind }) => (kind === "ready" ? kind : undefined)), gone]),
    stop,
  );
  let unused = after(idle, stop);
  return {
    isAlive: () =>
      !stopped && child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    async invoke(invocation) {
      unused();
      const reply = await Promise.race([
        ask(child, { ...invocation, arn: settings.arn }),
        gone.then((exit) => exited(invocation.requestId, exit)),
      ]);
      unused = after(idle, stop);
      return reply;
    },
    async end() {
      unused();
      stop();
      await gone;
    },
  };
}

/** A process that could not even be started is gone too, without a reason of its own. */
function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}

/** When it cannot be told any more it is gone, and that is what the caller hears. */
function ask(child: ChildProcess, message: ToProcess): Promise<LambdaReply> {
  const reply = nextMessage(child, (said) =>
    said.kind === "reply" && said.requestId === message.requestId ? said.reply : undefined,
  );
  child.send(message, () => undefined);
  return reply;
}

function nextMessage<Wanted>(
  child: ChildProcess,
  pick: (message: FromProcess) => Wanted | undefined,
): Promise<Wanted> {
  return new Promise((resolve) => {
    const listen = (message: FromProcess): void => {
      const wanted = pick(message);
      if (wanted === undefined) return;
      child.off("message", listen);
      resolve(wanted);
    };
    child.on("message", listen);
  });
}

async function within(
  milliseconds: number,
  work: Promise<unknown>,
  otherwise: () => void,
): Promise<void> {
  const cancel = after(milliseconds, otherwise);
  await work;
  cancel();
}

/** Real time: processes do not know of any other. Keeps nobody from leaving. */
function after(milliseconds: number, action: () => void): () => void {
  const timer = setTimeout(action, milliseconds).unref();
  return () => clearTimeout(timer);
}

function readLines(stream: Readable | null, use: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on("line", use);
}

function recordOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
