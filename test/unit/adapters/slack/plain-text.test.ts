import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMarkup, oneLine, truncate } from "../../../../src/adapters/slack/plain-text.ts";

describe("text from outside", () => {
  it.each([
    ["a\r\n b\tc", "a b c"],
    ["\u202Eevil\u2066", "evil"],
    ["  ", "–"],
    ["abcdef", "abcd…"],
    ["abc😀f", "abc…"],
    ["\ud800", "\ufffd"],
  ])("%j is one line of at most five characters: %j", (text, line) => {
    expect(oneLine(text, 5)).toBe(line);
  });

  it("is never longer than it may be, and never empty", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.integer({ min: 1, max: 50 }),
        (text, longest) => {
          const line = oneLine(text, longest);
          expect([
            line.length > 0,
            line.length <= longest,
            line.isWellFormed(),
            /[\n\r]/.test(line),
          ]).toEqual([true, true, true, false]);
        },
      ),
    );
  });

  // Slack: "Formatting text for app surfaces", the three characters to escape. A cut through an escape would show its rest.
  it("is cut before it is escaped", () => {
    expect(escapeMarkup(truncate("<<<<", 3))).toBe("&lt;&lt;…");
    expect(escapeMarkup("a & b")).toBe("a &amp; b");
  });
});
