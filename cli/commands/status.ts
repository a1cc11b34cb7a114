import type { ApplicationStatus, EnvironmentStatus } from "../../src/promotion/show-status.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandPorts } from "./promote.ts";

export interface StatusOptions {
  readonly application: string | undefined;
  readonly json?: boolean;
}

export async function status({ application, json = false }: StatusOptions, { connection, terminal }: CommandPorts): Promise<void> {
  const applications = (await connection.invoke("show-status", application === undefined ? {} : { application })) as readonly ApplicationStatus[];
  if (json) return terminal.line(JSON.stringify(applications));
  for (const one of applications) printApplication(one, terminal);
}

function printApplication({ application, environments, promotions, incomplete }: ApplicationStatus, terminal: Terminal): void {
  const { line, style } = terminal;
  line(style("bold", application));
  for (const environment of environments) printEnvironment(environment, terminal);
  for (const { version, missing } of incomplete) line(`  ${application} ${version} is incomplete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`);
  for (const { id, version, environment, ending, progress } of promotions) line(`  ${id}: ${version} to ${environment}, ${ending ?? (progress === "none" ? "not writing yet" : progress)}`);
}

function printEnvironment({ environment, current, lock, holds }: EnvironmentStatus, { line, style }: Terminal): void {
  line(`  ${environment}: ${current ? `runs ${current.version} since ${new Date(current.since).toISOString()} (${current.promotion})` : "nothing promoted yet"}`);
  if (lock.owner) line(`    owned by ${lock.owner.promotion}, ${lock.owner.phase}`);
  if (lock.next) line(`    next is ${lock.next.promotion}`);
  if (lock.unsettled) line(style("red", `    unsettled by ${lock.unsettled.by}: ${lock.unsettled.reason}`));
  for (const { version, by, reason } of holds) line(style("yellow", `    ${version} is on hold since ${by}: ${reason}`));
}
