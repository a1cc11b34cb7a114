import type { Scenario } from "./fault-case.ts";
import { findViolations } from "./find-violations.ts";
import { liveQuestions } from "./live-questions.ts";
import { recordCalls } from "./run-case.ts";
import { newVersion, startFaultWorld, type FaultWorld } from "./start-fault-world.ts";

/** Whatever one function asks of one service fails, for hours. */
export interface Outage {
  readonly scenario: Scenario;
  readonly functionName: string;
  readonly service: string;
}

export interface OutageReport {
  readonly outage: Outage;
  readonly endings: readonly string[];
  readonly violations: readonly string[];
}

const hour = 60 * 60_000;

/** Every pair of a function and a service that a promotion of the scenario needs. */
export async function outagesOf(scenario: Scenario): Promise<readonly Outage[]> {
  const pairs = new Map(
    (await recordCalls(scenario)).map(({ functionName = "", service }) => [
      `${functionName} ${service}`,
      { scenario, functionName, service },
    ]),
  );
  return [...pairs.values()];
}

/**
 * Five hours without, then two with: by then it has ended, everybody was told why, and nothing is
 * held or lost.
 */
export async function runOutage(outage: Outage): Promise<OutageReport> {
  const world = await startFaultWorld(outage.scenario);
  try {
    world.cloud.calls.setFaults(({ functionName, service }) =>
      functionName === outage.functionName && service === outage.service
        ? "fails-before"
        : undefined,
    );
    await world.promote(newVersion);
    await world.pass(5 * hour);
    world.cloud.calls.setFaults(undefined);
    await world.pass(hour);
    await answer(world);
    await world.pass(hour);
    const { endings, violations } = await findViolations(world, { promotes: false });
    return { outage, endings, violations: [...violations, ...lostPush(world, endings)] };
  } finally {
    await world.cloud.close();
  }
}

/** Who is asked late answers late, and a click that was lost in the outage is made again. */
async function answer({ cloud }: FaultWorld): Promise<void> {
  const question = liveQuestions(cloud).at(-1);
  if (question) {
    await cloud.slack.click({ user: "U012AB3CD", ...question, actionId: "promoter_approve" });
  }
}

/**
 * A push that could not be collected is a dead letter, which alarms; one that was collected becomes
 * a promotion with a record.
 */
function lostPush(world: FaultWorld, endings: readonly string[]): readonly string[] {
  const recorded =
    endings.some((ending) => /^[A-Z]/.test(ending)) ||
    world.executions().some(({ ended }) => ended === undefined);
  const letters = world.cloud.stack.queues.flatMap(({ arn }) =>
    world.cloud.queues.controls.messages(arn),
  );
  return recorded || letters.length > 0
    ? []
    : ["the push is lost: no promotion has a record, and there is no dead letter"];
}

export function describeOutage({
  outage: { functionName, service },
  endings,
  violations,
}: OutageReport): string {
  return `${functionName.replace("promoter-dev-", "")} without ${service}: ${endings.join(", ")}: ${violations.join("; ")}`;
}
