import { relative, resolve } from "node:path";
import { formatFaults } from "../src/config/format-faults.ts";
import { loadConfiguration, type Project } from "../src/config/load-configuration.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

export interface ProjectPlace {
  readonly root: string;
  /** The configuration file, absolute or relative to the root. */
  readonly config: string;
}

/** promoter.yml and its pod specs, checked. All faults at once in one error. */
export async function loadProject({ root, config }: ProjectPlace): Promise<Project> {
  const loaded = await loadConfiguration({ root, config: relative(root, resolve(root, config)) });
  if (loaded.kind === "ok") return loaded;
  throw new CommandError(formatFaults(loaded.faults), exitCodes.usage, { faults: loaded.faults });
}
