import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../eventbridge/schedule.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const runs = (expression: string, from: string, count: number) => {
  const times: string[] = [];
  let time: number | undefined = at(from);
  for (let run = 0; run < count && time !== undefined; run++) {
    time = parseSchedule(expression)?.after(time);
    times.push(time === undefined ? "never" : new Date(time).toISOString().slice(0, 16));
  }
  return times;
};

// Expressions and their meaning: EventBridge user guide "eb-scheduled-rule-pattern", "Examples". 2026-01-05 is a Monday.
describe("a schedule", () => {
  it.each([
    ["rate(1 minute)", ["2026-01-05T09:01", "2026-01-05T09:02"]],
    ["rate(5 minutes)", ["2026-01-05T09:05", "2026-01-05T09:10"]],
    ["rate(1 hour)", ["2026-01-05T10:00", "2026-01-05T11:00"]],
    ["rate(1 day)", ["2026-01-06T09:00", "2026-01-07T09:00"]],
    ["cron(0 10 * * ? *)", ["2026-01-05T10:00", "2026-01-06T10:00"]],
    [
      "cron(0 18 ? * MON-FRI *)",
      [
        "2026-01-05T18:00",
        "2026-01-06T18:00",
        "2026-01-07T18:00",
        "2026-01-08T18:00",
        "2026-01-09T18:00",
        "2026-01-12T18:00",
      ],
    ],
    ["cron(0 8 1 * ? *)", ["2026-02-01T08:00", "2026-03-01T08:00"]],
    [
      "cron(0/15 * * * ? *)",
      ["2026-01-05T09:15", "2026-01-05T09:30", "2026-01-05T09:45", "2026-01-05T10:00"],
    ],
    ["cron(1/10 * * * ? *)", ["2026-01-05T09:01", "2026-01-05T09:11"]],
    ["cron(0/30 20-2 ? * MON-FRI *)", ["2026-01-05T20:00", "2026-01-05T20:30", "2026-01-05T21:00"]],
    ["cron(5,35 14 * * ? *)", ["2026-01-05T14:05", "2026-01-05T14:35", "2026-01-06T14:05"]],
    ["cron(15 10 ? * 6L 2026-2027)", ["2026-01-30T10:15", "2026-02-27T10:15", "2026-03-27T10:15"]],
    ["cron(0 0 ? * 3#2 *)", ["2026-01-13T00:00", "2026-02-10T00:00"]],
    ["cron(0 0 L * ? *)", ["2026-01-31T00:00", "2026-02-28T00:00", "2026-03-31T00:00"]],
    [
      "cron(0 0 3W * ? *)",
      ["2026-02-03T00:00", "2026-03-03T00:00", "2026-04-03T00:00", "2026-05-04T00:00"],
    ],
    ["cron(0 0 1W AUG ? *)", ["2026-08-03T00:00", "2027-08-02T00:00"]],
    ["cron(0 0 29 FEB ? *)", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["cron(0 0 1 1 ? 2025)", ["never"]],
    ["cron(0 0 30 2 ? *)", ["never"]],
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
    "cron(0 10 * * * *)",
    "cron(0 10 ? * ? *)",
    "cron(0 10 1 * 2 *)",
    "cron(0 10 * * ?)",
    "cron(0 10 * * ? * *)",
    "cron(60 10 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 10 0 * ? *)",
    "cron(0 10 * 13 ? *)",
    "cron(0 10 ? * 8 *)",
    "cron(0 10 ? * 3#1,6#3 *)",
    "cron(0 10 * * ? 1969)",
    "cron(0/0 10 * * ? *)",
    "cron(a 10 * * ? *)",
  ])("is refused: %s", (expression) => {
    expect(parseSchedule(expression)).toBeUndefined();
  });
});
