import { expect, it } from "vitest";
import { nameArgument } from "../../../cli/name-argument.ts";

const parse = (text: string): unknown => nameArgument("<name>").parseArg?.(text, undefined);

it.each(["orderbook", "1.4.3-rc.1", "a".repeat(500)])("%s may be a name", (text) => {
  expect(parse(text)).toBe(text);
});

it.each([
  ["a".repeat(501), "It may have at most 500 characters."],
  ["pro#duction", "It may contain only letters, digits, dots, dashes and underscores."],
])("%s may not", (text, fault) => {
  expect(() => parse(text)).toThrow(fault);
});
