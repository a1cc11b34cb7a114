import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface Program {
  /**
   * Resolves when `isReady` says so; throws with the end of its log when the program ends, or takes
   * longer than it should.
   */
  until(isReady: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

export interface Start {
  readonly options: readonly string[];
  /** Where it runs, and where its output goes. */
  readonly folder: string;
  /** Without one it gets that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

const maxStartTime = 120_000;

/**
 * A server in the background that does not outlive this process. If this one is killed, only the
 * end of its standard input tells it.
 */
export function startProgram(path: string, { options, folder, environment }: Start): Program {
  const log = join(folder, `${basename(path)}.log`);
  const output = openSync(log, "w");
  const child = spawn(path, options, {
    cwd: folder,
    stdio: ["pipe", output, output],
    ...(environment && { env: environment }),
  });
  closeSync(output);
  let failure: Error | undefined;
  child.once("error", (error) => void (failure = error));
  const ended = (): boolean =>
    failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    async until(isReady) {
      const deadline = Date.now() + maxStartTime;
      while (!(await isReady().catch(() => false))) {
        if (ended() || Date.now() > deadline) {
          throw new Error(`${path} did not start: ${failure?.message ?? lastLines(log)}`);
        }
        await wait(100);
      }
    },
    async stop() {
      process.off("exit", kill);
      if (ended()) return;
      const end = once(child, "exit");
      child.kill("SIGTERM");
      const patience = setTimeout(kill, 10_000);
      await end;
      clearTimeout(patience);
    },
  };
}

function lastLines(log: string): string {
  return readFileSync(log, "utf8").split("\n").slice(-15).join("\n");
}
