import { spawnSync } from "node:child_process";

/**
 * How a program is asked whether it is there. A name on PATH is not enough: it may be a shim for
 * nothing.
 */
const probes: Readonly<Record<string, readonly string[]>> = {
  aws: ["--version"],
  crane: ["version"],
  curl: ["--version"],
  flux: ["--version"],
  helm: ["version"],
  kubectl: ["version", "--client"],
  kustomize: ["version"],
  oras: ["version"],
  regctl: ["version"],
  skopeo: ["--version"],
};

/** Whether one of the programs is not there, for `skipIf`; then a line names it. */
export function lacksClient(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => !runs(program));
  for (const program of missing) {
    process.stderr.write(
      `skipped: ${program} is not on PATH; .ci/install-clients installs it where it can\n`,
    );
  }
  return missing.length > 0;
}

function runs(program: string): boolean {
  return spawnSync(program, [...(probes[program] ?? [])], { stdio: "ignore" }).status === 0;
}
