import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { programPath } from "./find-programs.ts";
import type { PipelineJob } from "./pipeline-job.ts";
import { examples, type Pipeline } from "./pipelines.ts";

export interface Runner {
  /** Where this run of the job checked out the project, and where it left its files. */
  readonly project: string;
  readonly home: string;
  readonly storage: string;
  readonly registry: string;
  readonly credentials: string;
}

export interface JobRun {
  readonly pipeline: Pipeline;
  readonly job: PipelineJob;
  readonly member?: string;
}

/**
 * Runs the scripts of a job as its system would: a fresh checkout, what that system sets, and no
 * other variable (`-u`).
 */
export async function runJob({ pipeline, job, member }: JobRun, runner: Runner): Promise<void> {
  await cp(join(examples, "orderbook"), runner.project, { recursive: true });
  const bin = await standIns(runner.home);
  const given = {
    ...pipeline.given(runner.project),
    HOME: runner.home,
    ...(member === undefined ? {} : { MATRIX_MEMBER: member }),
  };
  const environment = Object.entries(job.environment).reduce<Record<string, string>>(
    (all, [name, value]) => ({ ...all, [name]: expand(value, all) }),
    given,
  );
  const env = {
    ...environment,
    PATH: `${bin}:${dirname(process.execPath)}:${programPath}`,
    STAND_IN_STORAGE: runner.storage,
    STAND_IN_REGISTRY: runner.registry,
    STAND_IN_CREDENTIALS: runner.credentials,
    NO_PROXY: "127.0.0.1",
  };
  for (const script of job.scripts) {
    const command = script.replaceAll("/kaniko/executor", join(bin, "executor"));
    await promisify(execFile)("sh", ["-euc", command], {
      cwd: runner.project,
      env,
      encoding: "utf8",
    });
  }
}

async function standIns(home: string): Promise<string> {
  const bin = join(home, "bin");
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, join(bin, "node"));
  for (const [name, file] of [
    ["executor", "kaniko-stand-in.ts"],
    ["docker", "docker-stand-in.ts"],
  ] as const) {
    const path = new URL(file, import.meta.url).pathname;
    await writeFile(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${path}" "$@"\n`, {
      mode: 0o755,
    });
  }
  return bin;
}

function expand(value: string, variables: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => variables[name] ?? "");
}
