import { relative, resolve } from "node:path";
import { formatFaults } from "../src/config/format-faults.ts";
import { loadConfiguration, type LoadedConfiguration } from "../src/config/load-configuration.ts";
import type { Configuration } from "../src/domain/configuration.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

export interface ProjectPlace {
  readonly root: string;
  /** The configuration file, absolute or relative to the root. */
  readonly config: string;
}

/** promoter.yml for whoever needs no objects: no command of it is run, and completion stays fast. */
export async function loadPolicy(place: ProjectPlace): Promise<Configuration> {
  return (await load(place, "left out")).configuration;
}

type FaultlessProject = Extract<LoadedConfiguration, { kind: "ok" }>;

/** promoter.yml and its pod specs, checked. All faults at once in one error. */
export async function loadProject(place: ProjectPlace): Promise<FaultlessProject> {
  return load(place, "run");
}

async function load(
  { root, config }: ProjectPlace,
  commands: "run" | "left out",
): Promise<FaultlessProject> {
  const loaded = await loadConfiguration({
    root,
    config: relative(root, resolve(root, config)),
    commands,
  });
  if (loaded.kind === "ok") return loaded;
  throw new CommandError(formatFaults(loaded.faults), exitCodes.usage, { faults: loaded.faults });
}
