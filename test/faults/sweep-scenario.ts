import { expect, test } from "vitest";
import type { Scenario } from "./fault-case.ts";
import { describeReport, sweep } from "./sweep.ts";

/** Every call of the scenario with every mishap. `FAULTS_EVERY=7` takes each seventh call only. */
export function sweepScenario(scenario: Scenario | undefined): void {
  if (!scenario) throw new Error("there is no such scenario");
  test(`${scenario.name}: whichever call goes wrong, nothing is left half done`, async () => {
    const { calls, cases, missed, violated } = await sweep({ scenario, from: 1, every: Number(process.env["FAULTS_EVERY"] ?? 1) });
    const lines = violated.map(describeReport);
    process.stdout.write([`${scenario.name}: ${cases} cases at ${calls} calls, ${missed} never came, ${violated.length} violated`, ...lines, ""].join("\n"));
    expect(lines).toEqual([]);
  });
}
