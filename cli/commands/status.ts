import { tagsOnly as withoutCluster } from "../../src/domain/plan.ts";
import type {
  ApplicationStatus,
  EnvironmentStatus,
  OpenStatus,
} from "../../src/promotion/operations/show-status.ts";
import { describeTimes, describeTime } from "../describe-times.ts";
import { describeWait } from "../describe-wait.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandPorts } from "./promote.ts";

export interface StatusOptions {
  readonly application: string | undefined;
  readonly json?: boolean;
}

export async function status(
  { application, json = false }: StatusOptions,
  { connection, terminal }: CommandPorts,
): Promise<void> {
  const applications = (await connection.invoke(
    "show-status",
    application === undefined ? {} : { application },
  )) as readonly ApplicationStatus[];
  if (json) return terminal.line(JSON.stringify(applications));
  for (const one of applications) printApplication(one, terminal);
}

function printApplication(
  { application, environments, promotions, setAside, incomplete, ignored }: ApplicationStatus,
  terminal: Terminal,
): void {
  const { line, style } = terminal;
  line(style("bold", application));
  for (const environment of environments) printEnvironment(environment, terminal);
  for (const { version, missing } of incomplete) {
    line(
      `  ${application} ${version} is incomplete: ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing`,
    );
  }
  for (const { what, at, why } of setAside) {
    line(
      style("red", `  ${what} has been set aside since ${describeTime(at)}: ${describeTimes(why)}`),
    );
  }
  for (const { repository, tag, at, reason, isPartly } of ignored) {
    const image = `${repository}:${tag}`;
    const why = omitName(reason, image);
    line(
      style(
        "yellow",
        `  ${image}, pushed at ${describeTime(at)}, ${isPartly ? "is not taken everywhere" : "was ignored"}: ${why}`,
      ),
    );
  }
  for (const promotion of promotions) {
    line(
      `  ${promotion.id}: ${promotion.version} to ${promotion.environment}, ${stateOf(promotion)}`,
    );
  }
  if (promotions.length > 0) line(style("dim", "  `show <promotion>` prints one of them in full"));
}

/** Most reasons begin with their subject, for readers of logs. */
function omitName(reason: string, name: string): string {
  if (reason.startsWith(`${name}: `)) return reason.slice(name.length + 2);
  return reason.startsWith(`${name} `) ? `it${reason.slice(name.length)}` : reason;
}

function stateOf({ ending, progress, waitsFor }: OpenStatus): string {
  if (ending !== undefined) return ending;
  if (waitsFor) return describeWait(waitsFor);
  return progress === "none" ? "running, nothing is written yet" : progress;
}

function printEnvironment(
  { environment, tagsOnly, current, lock, holds }: EnvironmentStatus,
  { line, style }: Terminal,
): void {
  const has = tagsOnly ? "has tagged" : "has run";
  const runs = current
    ? `${has} ${current.version} since ${describeTime(current.since)} (${current.promotion})`
    : "nothing promoted yet";
  line(`  ${environment}${tagsOnly ? ` (${withoutCluster})` : ""}: ${runs}`);
  if (lock.owner) line(`    owned by ${lock.owner.promotion}, ${lock.owner.phase}`);
  if (lock.next) line(`    next is ${lock.next.promotion}`);
  if (lock.unsettled) {
    line(
      style(
        "red",
        `    unsettled by ${lock.unsettled.by}: ${describeTimes(lock.unsettled.reason)}`,
      ),
    );
  }
  for (const { version, pin, by, since, reason } of holds) {
    const what = pin ? `everything newer than ${version}` : version;
    line(
      style(
        "yellow",
        `    ${what} has been on hold since ${describeTime(since)}: ${describeTimes(reason)} (${by})`,
      ),
    );
  }
}
