import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./bench-cloud.ts";

const run = promisify(execFile);
/** Ignored by git, so that the next run finds it. */
const folder = join(root, ".promoter", "bin");

/**
 * The program crane: the one on PATH, else built from its Go module in the version of
 * `.ci/install-clients`; undefined where neither is possible.
 */
export async function findCrane(): Promise<string | undefined> {
  for (const program of ["crane", join(folder, "crane")]) if (await works(program)) return program;
  const [, module] =
    /^program (\S+\/crane@\S+)/m.exec(await readFile(join(root, ".ci/install-clients"), "utf8")) ??
    [];
  if (module === undefined || !(await works("go"))) return undefined;
  const built = run("go", ["install", module], {
    env: { ...process.env, CGO_ENABLED: "0", GOBIN: folder },
    timeout: 240_000,
  });
  return built.then(
    () => join(folder, "crane"),
    () => undefined,
  );
}

function works(program: string): Promise<boolean> {
  return run(program, ["version"]).then(
    () => true,
    () => false,
  );
}
