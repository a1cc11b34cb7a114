import { describe, expect, it } from "vitest";
import { stepPrinter } from "../../../cli/step-printer.ts";

type Entry = Parameters<ReturnType<typeof stepPrinter>>[0];
const entry = (step: string, outcome: string, ...reasons: readonly string[]): Entry => ({
  at: 0,
  took: 7,
  who: "promoter",
  step,
  outcome,
  reasons,
});
const none = { verdicts: undefined };

function printed(
  entries: readonly Entry[],
  verbose = false,
  verdicts: Parameters<ReturnType<typeof stepPrinter>>[1] = none,
): readonly string[] {
  const lines: string[] = [];
  const print = stepPrinter(
    {
      line: (text = "") => void lines.push(text.trim()),
      error: () => undefined,
      style: (_, text) => text,
      interactive: false,
    },
    { verbose },
  );
  for (const one of entries) print(one, verdicts);
  return lines.map((line) => line.replaceAll(/ +/g, " "));
}

describe("a step", () => {
  it("that passed is one line, and with -v has its reasons", () => {
    const step = entry("VerifyImages", "verified", "exists: web is there");
    expect(printed([step])).toEqual(["00:00:00 VerifyImages verified 7ms"]);
    expect(printed([step], true)).toEqual([
      "00:00:00 VerifyImages verified 7ms",
      "· exists: web is there",
    ]);
  });

  it.each([
    "wait",
    "settling",
    "turn",
    "asked",
    "stalled",
    "StoreUnavailable",
    "not-an-approver",
    "busy",
  ])("that came out as %s tells why", (outcome) => {
    expect(printed([entry("VerifyImages", outcome, "because")])).toEqual([
      expect.stringContaining(outcome),
      "· because",
    ]);
  });

  it("that ends the promotion names the ending, whose reasons follow", () => {
    expect(printed([entry("CheckRollback", "close", "RolledBack", "web crashes")])).toEqual([
      "00:00:00 CheckRollback RolledBack 7ms",
    ]);
  });

  it("that runs again and finds nothing new is printed only with -v", () => {
    const looks = [
      entry("CheckRollout", "progressing", "0 of 2"),
      entry("CheckRollout", "progressing", "0 of 2"),
      entry("CheckRollout", "progressing", "1 of 2"),
      entry("CheckRollout", "complete", "all 2"),
    ];
    expect(printed(looks)).toEqual([
      "00:00:00 CheckRollout progressing 7ms",
      "· 0 of 2",
      "00:00:00 CheckRollout progressing 7ms",
      "· 1 of 2",
      "00:00:00 CheckRollout complete 7ms",
    ]);
    expect(printed(looks, true)).toHaveLength(8);
  });

  it("of a plan that goes on past a rule which would wait reports that rule alone", () => {
    const verdicts = [
      { rule: "age", subject: "web", kind: "wait" as const, reason: "too young" },
      { rule: "exists", subject: "web", kind: "pass" as const, reason: "there" },
    ];
    expect(
      printed([entry("VerifyImages", "verified", "exists: there", "age: too young")], false, {
        verdicts,
      }),
    ).toEqual(["00:00:00 VerifyImages verified 7ms", "· age: too young"]);
  });
});
