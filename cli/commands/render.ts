import { escapeDeceiving, printObjects } from "../../src/config/objects/print-objects.ts";
import type { Configuration } from "../../src/domain/configuration.ts";
import { lookUp } from "../../src/domain/look-up.ts";
import { applicationNamed } from "../application-named.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { loadProject, type ProjectPlace } from "../load-project.ts";
import type { Terminal } from "../terminal.ts";

export interface RenderOptions extends ProjectPlace {
  readonly application: string;
  readonly environment: string;
  readonly json?: boolean;
}

/**
 * Prints the objects of an environment as a deployment would package them: rendered, checked, with
 * their namespaces, images not pinned yet.
 */
export async function render(
  { application, environment, json = false, ...project }: RenderOptions,
  { line }: Terminal,
): Promise<void> {
  const { configuration, podSpecs } = await loadProject(project);
  assertKnown({ application, environment }, configuration);
  const objects = podSpecs[`${application}/${environment}`] ?? [];
  line(
    json ? escapeDeceiving(JSON.stringify(objects)) : printObjects(objects).slice(0, -1),
    "as it is",
  );
}

function assertKnown(
  { application, environment }: Pick<RenderOptions, "application" | "environment">,
  configuration: Configuration,
): void {
  const { environments } = applicationNamed(application, configuration);
  if (!lookUp(environments, environment)) {
    throw new CommandError(
      `${application} has no environment "${environment}"; it has ${Object.keys(environments).join(", ")}`,
      exitCodes.usage,
    );
  }
}
