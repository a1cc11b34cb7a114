import { armFault } from "./arm-fault.ts";
import { describeCall, type FaultCase, type FunctionCall, type Scenario } from "./fault-case.ts";
import { findViolations } from "./find-violations.ts";
import { newVersion, startFaultWorld } from "./start-fault-world.ts";

/** What functions call in a promotion that nothing disturbs. */
export async function recordCalls(scenario: Scenario): Promise<readonly FunctionCall[]> {
  const world = await startFaultWorld(scenario);
  try {
    await world.promote(newVersion);
    return world.cloud.calls.calls.filter(({ functionName }) => functionName !== undefined);
  } finally {
    await world.cloud.close();
  }
}

export interface CaseReport {
  readonly kase: FaultCase;
  /** undefined: the call never came. */
  readonly hit: string | undefined;
  readonly endings: readonly string[];
  readonly violations: readonly string[];
}

/** More than a minute for a push to count as forgotten, and than any function still has to write. */
const patience = 6 * 60_000;

export async function runCase(kase: FaultCase): Promise<CaseReport> {
  const world = await startFaultWorld(kase.scenario);
  try {
    const hit = armFault(world, kase);
    await world.promote(newVersion);
    world.cloud.calls.setFaults(undefined);
    await world.pass(patience);
    await world.invoke("reconcile", {});
    await world.pass(patience);
    const call = hit();
    return {
      kase,
      hit: call && describeCall(call),
      ...(await findViolations(world, { promotes: kase.fault !== "aborted-after" })),
    };
  } finally {
    await world.cloud.close();
  }
}
