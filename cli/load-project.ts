import { loadConfiguration, type LoadedConfiguration } from "../src/config/load-configuration.ts";
import { formatFaults } from "../src/config/format-faults.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

export interface Project {
  readonly root: string;
  /** The configuration file, relative to the root. */
  readonly config: string;
}

/** promoter.yml and its pod specs, checked. All faults at once in one error. */
export async function loadProject(project: Project): Promise<Extract<LoadedConfiguration, { kind: "ok" }>> {
  const loaded = await loadConfiguration(project);
  if (loaded.kind === "ok") return loaded;
  throw new CommandError(formatFaults(loaded.faults), exitCodes.usage);
}

