import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promotionIdSchema } from "../../../src/runtime/promotion-id-schema.ts";

const accepts = (name: unknown): boolean => promotionIdSchema.safeParse(name).success;

/** API reference, StartExecution, parameter name, one character after the other. */
const [brackets, wildcards, special] = [
  "<>{}[]".split(""),
  "?*".split(""),
  '"#%\\^|~`$&,;:/'.split(""),
];
const forbidden = fc.oneof(
  fc.constantFrom(
    ...brackets,
    ...wildcards,
    ...special,
    " ",
    "\t",
    "\n",
    "\u00a0",
    "\u2028",
    "\ufffe",
    "\uffff",
  ),
  fc.integer({ min: 0, max: 0x1f }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0x7f, max: 0x9f }).map((code) => String.fromCharCode(code)),
  fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
);
const allowed = fc.constantFrom(
  ..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_!'()+.=@äéß版".split(""),
);
const names = fc
  .array(allowed, { minLength: 1, maxLength: 80 })
  .map((characters) => characters.join(""));

describe("the id of a promotion that was named by hand", () => {
  it("may be whatever Step Functions takes as the name of an execution", () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(promotionIdSchema.parse(name)).toBe(name);
      }),
    );
  });

  it("holds no character that Step Functions refuses, wherever it stands: among them is what separates the parts of a key", () => {
    fc.assert(
      fc.property(
        fc.array(allowed, { maxLength: 40 }),
        forbidden,
        fc.array(allowed, { maxLength: 39 }),
        (before, character, after) => {
          expect(accepts([...before, character, ...after].join(""))).toBe(false);
        },
      ),
    );
  });

  it.each([
    ["orderbook-1.4.2", true],
    ["a".repeat(80), true],
    ["a".repeat(81), false],
    ["", false],
    ["p-1#x", false],
    ["🚀", false],
    [7, false],
  ])("%j: %s", (name, expected) => {
    expect(accepts(name)).toBe(expected);
  });

  it("is refused with what it may be", () => {
    expect(promotionIdSchema.safeParse("p-1#x").error?.issues[0]?.message).toMatch(
      /the name of an execution.*80 characters.*#/,
    );
  });
});
