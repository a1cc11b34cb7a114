import { expect, test } from "vitest";
import type { Scenario } from "./fault-case.ts";
import { describeReport, sweep } from "./sweep.ts";

/**
 * Every call of the scenario with every fault. `FAULTS_EVERY=7` takes each seventh call only,
 * `FAULTS_MINUTES=20` begins no case later than that.
 */
export function sweepScenario(scenario: Scenario | undefined): void {
  if (!scenario) throw new Error("there is no such scenario");
  test(`${scenario.name}: whichever call goes wrong, nothing is left half done`, async () => {
    const { FAULTS_EVERY: every = "1", FAULTS_MINUTES: minutes = "Infinity" } = process.env;
    const { calls, cases, ran, missed, violated } = await sweep({
      scenario,
      from: 1,
      every: Number(every),
      time: Number(minutes) * 60_000,
    });
    const lines = violated.map(describeReport);
    process.stdout.write(
      [
        `${scenario.name}: ${ran} of ${cases} cases at ${calls} calls, ${missed} never came, ${violated.length} violated`,
        ...lines,
        "",
      ].join("\n"),
    );
    expect(ran).toBeGreaterThan(0);
    expect(lines).toEqual([]);
  });
}
