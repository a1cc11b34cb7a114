import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PromoterError } from "../../../src/domain/errors.ts";
import { printable } from "../../../src/domain/printable.ts";
import { parseWorkflowRequest } from "../../../src/domain/workflow-request.ts";

describe("text from outside", () => {
  it.each([
    ["clears no screen", "\u001b[2Jall is well", "\uFFFD[2Jall is well"],
    ["sets no title", "\u001b]0;root\u0007", "\uFFFD]0;root\uFFFD"],
    ["begins no sequence with one character", "\u009b2J", "\uFFFD2J"],
    ["overwrites no line", "failed\rdone  ", "failed\uFFFDdone  "],
    ["is read from left to right", "gnp.\u202eexe", "gnp.\uFFFDexe"],
    ["keeps its lines and columns", "one\n\ttwo", "one\n\ttwo"],
    ["keeps its letters", "größer → 東京 👩‍💻 שלום", "größer → 東京 👩‍💻 שלום"],
  ])("%s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("has no control character left, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const codes = Array.from(printable(text), (character) => character.charCodeAt(0));
        expect(
          codes.filter(
            (code) => (code < 0x20 && code !== 9 && code !== 10) || (code >= 0x7f && code < 0xa0),
          ),
        ).toEqual([]);
      }),
    );
  });

  it("is made harmless in every error of ours", () => {
    expect(new PromoterError("ClusterRefused", "answered 422: \u001b[2J").message).toBe(
      "answered 422: \uFFFD[2J",
    );
  });

  it("is made harmless in what a person asks for", () => {
    const named = { application: "orderbook", version: "1.4.2", environment: "production" };
    expect(
      parseWorkflowRequest({ ...named, reason: "now\u001b[8m", requester: "ada\u202e" }),
    ).toMatchObject({ request: { reason: "now\uFFFD[8m", requester: "ada\uFFFD" } });
    expect(JSON.stringify(parseWorkflowRequest({ ...named, "\u009b2J": "" }))).toContain(
      'unknown key \\"\uFFFD2J',
    );
  });
});
