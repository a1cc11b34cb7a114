import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileEventPattern, maxPattern } from "../../eventbridge/event-pattern.ts";
import { matchesEvent } from "../../eventbridge/matches-event.ts";

interface Row {
  readonly name: string;
  readonly pattern?: unknown;
  /** For what an object literal cannot say: repeated keys and backslashes. */
  readonly patternText?: string;
}
interface MatchRow extends Row {
  readonly event?: unknown;
  readonly eventText?: string;
  readonly matches: boolean;
}
interface InvalidRow extends Row {
  readonly reason: string;
}
interface UnsupportedRow extends Row {
  readonly operator: string;
}
interface Group<R> {
  readonly source: string;
  readonly rows: readonly R[];
}

const fixtures = new URL("../fixtures/event-patterns/", import.meta.url);
const groups = <R>(file: string) =>
  JSON.parse(readFileSync(new URL(file, fixtures), "utf8")) as readonly Group<R>[];
const textOf = (row: Row) => row.patternText ?? JSON.stringify(row.pattern);

const matchGroups = ["values.json", "operators.json", "ecr.json"].flatMap((file) =>
  groups<MatchRow>(file),
);

describe.each(matchGroups)("an event pattern ($source)", ({ rows }) => {
  it.each(rows)("decides $name: $matches", (row) => {
    const compiled = compileEventPattern(textOf(row));
    expect(compiled).toMatchObject({ kind: "valid" });
    expect(
      compiled.kind === "valid" &&
        matchesEvent(compiled.pattern, row.event ?? JSON.parse(row.eventText ?? "")),
    ).toBe(row.matches);
  });
});

describe.each(["invalid.json", "repeated.json"].flatMap((file) => groups<InvalidRow>(file)))(
  "an invalid event pattern ($source)",
  ({ rows }) => {
    it.each(rows)("is refused for $name", (row) => {
      expect(compileEventPattern(textOf(row))).toEqual({ kind: "invalid", reason: row.reason });
    });
  },
);

describe.each(groups<UnsupportedRow>("unsupported.json"))(
  "an event pattern that this cloud does not support ($source)",
  ({ rows }) => {
    it.each(rows)("is refused by name for $name", (row) => {
      const reason = `the local cloud does not support ${row.operator}: nothing that the promoter ships uses it`;
      expect(compileEventPattern(textOf(row))).toEqual({ kind: "invalid", reason });
    });
  },
);

const patternOf = (length: number) => `{"source":["${"a".repeat(length - 15)}"]}`;

describe("the limits of an event pattern", () => {
  // "Maximum size of an event pattern, in characters: 2,048" (user guide, eb-quota).
  it("allows 2,048 characters, not bytes", () => {
    const longest = patternOf(maxPattern).replace("aa", "éé");
    expect(longest).toHaveLength(2048);
    expect(compileEventPattern(longest).kind).toBe("valid");
  });

  it("refuses 2,049 characters", () => {
    expect(compileEventPattern(patternOf(2049))).toMatchObject({
      kind: "invalid",
      reason: expect.stringContaining("2049"),
    });
  });

  it("refuses text that is not JSON, with the parser's reason", () => {
    expect(compileEventPattern("{'bad': 'quotation'}")).toMatchObject({
      kind: "invalid",
      reason: expect.stringContaining("JSON"),
    });
  });

  it("are tried by a corpus of which at least a third are non-matches", () => {
    const rows = matchGroups.flatMap((group) => group.rows);
    expect(rows.length).toBeGreaterThanOrEqual(70);
    expect(rows.filter((row) => !row.matches).length).toBeGreaterThanOrEqual(rows.length / 3);
  });
});
