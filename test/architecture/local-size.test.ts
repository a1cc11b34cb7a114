import { expect, it } from "vitest";
import { productFiles } from "./source-tree.ts";

/**
 * Lines of code of the local cloud without its tests. It may be raised only by a change that names
 * the shipped function, command or documented client that calls the new lines; what nobody calls is
 * refused by name instead (local/README.md, "Refused by name").
 */
const maxLines = 20_137;

const isCode = (line: string): boolean => !/^\s*(\/\/|\/\*|\*|$)/.test(line);

it("the local cloud does not grow without a caller", () => {
  const files = productFiles("local");
  const lines = files.flatMap(({ text }) => text.split("\n").filter(isCode)).length;
  expect(files.length).toBeGreaterThan(200);
  expect(lines).toBeLessThanOrEqual(maxLines);
});
