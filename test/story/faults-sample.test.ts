import { expect, test } from "vitest";
import { mishaps, scenarios, type FaultCase } from "../faults/fault-case.ts";
import { describeReport, sweep } from "../faults/sweep.ts";

/** One mishap a call, in turn: the whole sweep is `npm run test:faults`. */
const inTurn = (call: number): readonly FaultCase["mishap"][] => mishaps.filter((_, index) => index === call % mishaps.length);

test.each(scenarios.map((scenario, index) => ({ ...scenario, from: 5 + 4 * index })))("$name: a lost call, a dead function or an abort leaves nothing half done", { timeout: 60_000 }, async ({ from, ...scenario }) => {
  const { cases, violated } = await sweep({ scenario, from, every: 61, mishapsOf: inTurn });
  expect(cases).toBeGreaterThan(2);
  expect(violated.map(describeReport)).toEqual([]);
});
