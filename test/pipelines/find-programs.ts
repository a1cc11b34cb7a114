import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** What `.ci/install-pipeline-checkers` brings stands beside what the machine has. */
export const programPath = [
  join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "promoter/pipeline-checkers/bin",
  ),
  process.env["PATH"],
].join(delimiter);

/** Whether one of the programs is not there, for `skipIf`; then a line names it. */
export function lacksProgram(...programs: readonly string[]): boolean {
  const missing = programs.filter(
    (program) =>
      spawnSync(program, ["--version"], {
        stdio: "ignore",
        env: { ...process.env, PATH: programPath },
      }).status !== 0,
  );
  for (const program of missing) {
    process.stderr.write(
      `skipped: ${program} is not there; .ci/install-pipeline-checkers installs it where it can\n`,
    );
  }
  return missing.length > 0;
}
