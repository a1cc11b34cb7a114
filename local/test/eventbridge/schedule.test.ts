import { describe, expect, it } from "vitest";
import { parseRate } from "../../eventbridge/schedule.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const runs = (expression: string, from: string, count: number) => {
  const times: string[] = [];
  let time: number | undefined = at(from);
  for (let run = 0; run < count && time !== undefined; run++) {
    time = parseRate(expression)?.after(time);
    times.push(time === undefined ? "never" : new Date(time).toISOString().slice(0, 16));
  }
  return times;
};

// Expressions and their meaning: EventBridge user guide "eb-scheduled-rule-pattern", "Examples".
describe("a schedule", () => {
  it.each([
    ["rate(1 minute)", ["2026-01-05T09:01", "2026-01-05T09:02"]],
    ["rate(5 minutes)", ["2026-01-05T09:05", "2026-01-05T09:10"]],
    ["rate(1 hour)", ["2026-01-05T10:00", "2026-01-05T11:00"]],
    ["rate(1 day)", ["2026-01-06T09:00", "2026-01-07T09:00"]],
  ])("%s runs at %j", (expression, expected) => {
    expect(runs(expression, "2026-01-05T09:00:00", expected.length)).toEqual(expected);
  });

  it.each([
    "rate(1 hours)",
    "rate(5 hour)",
    "rate(0 minutes)",
    "rate(1.5 hours)",
    "rate(5 weeks)",
    "every 5 minutes",
  ])("is refused: %s", (expression) => {
    expect(parseRate(expression)).toBeUndefined();
  });
});
