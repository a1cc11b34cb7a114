import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bounded,
  boundedReasons,
  cutOff,
  maxReasonsLength,
  maxTextLength,
  maxReasons,
} from "../../../src/domain/bounded.ts";
import { parseWorkflowRequest } from "../../../src/domain/workflow-request.ts";

const long = "x".repeat(230_000);

describe("a text from outside", () => {
  it("is cut off with a mark, between characters", () => {
    expect(cutOff("short", 5)).toBe("short");
    expect(cutOff("longer", 5)).toBe("long…");
    expect(cutOff("abc🚀🚀", 5)).toBe("abc…");
  });

  it("is as it was when it is short enough", () => {
    const reasons = ["one", "two"];
    expect(boundedReasons(reasons)).toEqual(reasons);
  });

  it("is counted where it is left out", () => {
    const reasons = Array.from({ length: 500 }, (_, at) => `reason ${at}`);
    expect(boundedReasons(reasons)).toEqual([...reasons.slice(0, maxReasons - 1), "and 401 more"]);
  });
});

describe("what may be stored", () => {
  it("is small, whatever reasons there are", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 5_000 }), { maxLength: 300 }), (reasons) => {
        const kept = bounded({ conclusion: { ending: "Refused", reasons }, trouble: reasons });
        for (const one of [kept.conclusion.reasons, kept.trouble]) {
          expect(one.length).toBeLessThanOrEqual(maxReasons);
          expect(one.join("").length).toBeLessThanOrEqual(maxReasonsLength);
        }
        expect(bounded(kept)).toEqual(kept);
      }),
    );
  });

  it.each([
    ["a reason", { reason: long }],
    ["a person", { requester: long, cancel: { by: long, at: 1 } }],
    ["a hold", { set: "s", reason: long }],
    ["an unsettled lock", { unsettled: { by: "p-1", reason: long } }],
    ["an entry of the trail", { who: long, reasons: [long] }],
    [
      "verdicts of many members",
      { verdicts: Array.from({ length: 500 }, () => ({ rule: "scan", reason: long })) },
    ],
  ])("has a bound in %s", (_, item) => {
    expect(JSON.stringify(bounded(item)).length).toBeLessThan(80_000);
  });

  it("keeps all else as it is: names, documents, tokens, bytes and sets", () => {
    const item = {
      document: long,
      token: long,
      chunk: new Uint8Array(3),
      progress: new Set(["none"]),
      members: [{ digest: "d" }],
      at: 1,
      absent: undefined,
    };
    expect(bounded(item)).toEqual(item);
  });

  it("keeps one short enough text as it is", () => {
    expect(bounded({ reason: "x".repeat(maxTextLength) }).reason).toHaveLength(maxTextLength);
  });
});

describe("an input with unknown keys", () => {
  it("is refused in few words, however long and many they are", () => {
    const input = Object.fromEntries([
      [long, 1],
      ...Array.from({ length: 5_000 }, (_, at) => [`key-${at}`, at]),
    ]) as Record<string, unknown>;
    const parsed = parseWorkflowRequest(input);
    const faults = "faults" in parsed ? parsed.faults : [];
    expect(faults).toContain("and 4991 more unknown keys");
    expect(faults.join("").length).toBeLessThan(3_000);
  });
});
