import { loadProject, type ProjectPlace } from "../load-project.ts";
import type { Terminal } from "../terminal.ts";

/** Prints what the configuration holds and what to know about it; faults are thrown. */
export async function validate(
  { json, ...project }: ProjectPlace & { readonly json?: boolean },
  { line }: Terminal,
): Promise<void> {
  const { configuration, notes } = await loadProject(project);
  const applications = Object.values(configuration.applications);
  if (json) {
    return line(
      JSON.stringify({ valid: true, applications: applications.map(({ name }) => name), notes }),
    );
  }
  for (const { name, members, environments } of applications) {
    line(
      `${name}: ${members.map((member) => member.name).join(", ")} -> ${Object.keys(environments).join(", ")}`,
    );
  }
  for (const { application, environment, message, remedy } of notes) {
    line(`Note on ${application}/${environment}: ${message}; ${remedy}.`);
  }
  line(`${project.config} is valid.`);
}
