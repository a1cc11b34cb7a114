import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../src/domain/duration.ts";

describe("a duration", () => {
  it.each([
    ["2m", 120_000],
    ["24h", 86_400_000],
    ["1h30m", 5_400_000],
    ["10s", 10_000],
    ["500ms", 500],
    ["0s", 0],
    ["7d", 604_800_000],
    ["1d2h3m4s5ms", 93_784_005],
    ["90s", 90_000],
  ])("%s is %i milliseconds", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    "",
    "5",
    "m",
    "1w",
    "1.5h",
    "-1s",
    "1 h",
    "1m1h",
    "1h1h",
    "1H",
    "99999999999999d",
    " 1s",
    "1s\n",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, "0s"],
    [500, "500ms"],
    [90_000, "1m 30s"],
    [86_400_000, "1d"],
    [93_784_005, "1d 2h"],
    [-5, "0s"],
  ])("%i milliseconds are shown as %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("is shown in a form that reads back as itself, down to the second of its two units", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        (minutes, hours) => {
          const duration = hours * 3_600_000 + minutes * 60_000;
          expect(parseDuration(formatDuration(duration).replace(" ", ""))).toBe(duration);
        },
      ),
    );
  });
});
