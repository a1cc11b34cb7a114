import { expect, test } from "vitest";
import { faultKinds, observed, scenarios, takenBack, type FaultCase } from "./fault-case.ts";
import { describeOutage, runOutage } from "./outage.ts";
import { describeReport, sweep } from "./sweep.ts";

/** One fault a call, in turn: a look ahead at the sweeps of the other files, in half a minute. */
const inTurn = (call: number): readonly FaultCase["fault"][] =>
  faultKinds.filter((_, index) => index === call % faultKinds.length);

const samples = [
  ...scenarios
    .filter(({ approval }) => approval)
    .map((scenario, index) => ({ name: scenario.name, scenario, every: index === 0 ? 61 : 97 })),
  { name: observed.name, scenario: observed, every: 53 },
];

test.each(samples)(
  "$name: a lost call, a dead function or an abort leaves nothing half done",
  { timeout: 120_000 },
  async ({ scenario, every }) => {
    const { cases, missed, violated } = await sweep({ scenario, from: 8, every, faultsOf: inTurn });
    expect(cases).toBeGreaterThan(3);
    expect(missed).toBe(0);
    expect(violated.map(describeReport)).toEqual([]);
  },
);

test.each([
  ["roll-back", "kubernetes orderbook-prod"],
  ["check-rollback", "dynamodb"],
])(
  "%s without %s for hours: the promotion ends, says why, and nothing is held",
  { timeout: 120_000 },
  async (name, service) => {
    const report = await runOutage({
      scenario: takenBack,
      functionName: `promoter-dev-${name}`,
      service,
    });
    expect(
      report.violations.map((violation) => describeOutage({ ...report, violations: [violation] })),
    ).toEqual([]);
    expect(report.endings.slice(1)).toEqual(["Failed", "unsettled"]);
  },
);
