import { describe, expect, it } from "vitest";
import { formatFaults } from "../../../src/config/format-faults.ts";
import { closestMatch } from "../../../src/domain/closest-match.ts";

describe("the nearest name", () => {
  const known = ["images", "source", "environments"];

  it.each([
    ["imges", "images"],
    ["iamges", "images"],
    ["Images", "images"],
    ["sauce", undefined],
    ["enviroments", "environments"],
    ["environment", "environments"],
    ["tags", undefined],
    ["", undefined],
  ])("to %j is %s", (text, name) => {
    expect(closestMatch(text, known)).toBe(name);
  });

  it("is the nearer one of two", () => {
    expect(closestMatch("prods", ["prod-eu", "prod"])).toBe("prod");
  });
});

describe("faults in print", () => {
  const fault = {
    file: "promoter.yml",
    line: 3,
    column: 3,
    message: "wrong",
    remedy: "write it right",
    excerpt: "\tx: 1",
  };

  it("have their place, line, caret and remedy, and their number below", () => {
    expect(formatFaults([fault])).toBe(
      "promoter.yml:3:3: wrong\n    \tx: 1\n    \t ^\n    -> write it right\n\n1 fault; nothing was started.",
    );
  });

  it("have no line where none may be shown", () => {
    expect(formatFaults([{ ...fault, excerpt: "" }])).toBe(
      "promoter.yml:3:3: wrong\n    -> write it right\n\n1 fault; nothing was started.",
    );
  });

  it("show of a long line the part that is meant", () => {
    const text = formatFaults([
      { ...fault, column: 301, excerpt: `${"a".repeat(300)}X${"b".repeat(300)}` },
    ]);
    const [, line = "", caret = ""] = text.split("\n");
    expect(line.length).toBeLessThan(110);
    expect(line[caret.indexOf("^")]).toBe("X");
  });
});
