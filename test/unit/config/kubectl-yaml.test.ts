import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readYaml, readYamlDocuments, type YamlText } from "../../../src/config/yaml-text.ts";

interface Row {
  readonly text: string;
  readonly documents?: readonly unknown[];
  readonly error?: string;
  readonly refused?: string;
}

const { rows } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/config/kubectl-yaml.json"), "utf8"),
) as { readonly rows: readonly Row[] };

const read = (text: string): readonly YamlText[] => readYamlDocuments({ file: "a.yaml", text });
const values = (text: string): unknown =>
  JSON.parse(
    JSON.stringify(read(text).flatMap(({ value }) => (value === undefined ? [] : [value]))),
  );
const told = (text: string): readonly string[] =>
  read(text).flatMap(({ faults }) =>
    faults.map(({ line, column, message }) => `${line}:${column} ${message}`),
  );

describe("a file of objects is read as kubectl reads it:", () => {
  it.each(rows.filter(({ documents, refused }) => documents && refused === undefined))(
    "$text",
    ({ text, documents }) => {
      expect([values(text), told(text)]).toEqual([documents, []]);
    },
  );

  it.each(rows.filter(({ error }) => error))("$text is a fault for both", ({ text }) => {
    expect(told(text)).not.toEqual([]);
  });

  it.each(rows.filter(({ refused }) => refused))(
    "$text is refused, because others would read it otherwise",
    ({ text, refused }) => {
      expect(told(text)[0]).toContain(refused);
    },
  );
});

it("a large number is kept if it is written again with the same digits", () => {
  const text = "maximum: 9223372036854775000\n";
  expect([JSON.stringify(read(text)[0]?.value), told(text)]).toEqual([
    '{"maximum":9223372036854775000}',
    [],
  ]);
});

it("a list below a key without a colon is a fault in promoter.yml too, whose brackets may hold question marks", () => {
  const [dropped, bracket] = ["? a\n- 2\n", "a: [b?c]\n"].map((text) =>
    readYaml({ file: "promoter.yml", text }).faults.map(({ message }) => message),
  );
  expect([dropped, bracket]).toEqual([["what follows this key does not belong to it"], []]);
});

describe("the place of a fault", () => {
  it.each([
    ["a: 1\n---\nb: .nan\n", "3:4 JSON cannot represent this number"],
    ['a:\n  b: "one\ntwo"\n  c: .inf\n', "4:6 JSON cannot represent this number"],
    ['{"a":1}\n{"b": 1e400}', "2:7 JSON cannot represent this number"],
    ['{"a": 1e400}', "1:7 JSON cannot represent this number"],
    ["a: 1\r\nb: 1\r\na: 2\r\n", "3:1 the key a is repeated"],
    ["\uFEFFa: *b\n".slice(1), "1:4 there is no anchor &b"],
    ["x: {1: a, 0x1: b}\n", "1:11 the key 1 is repeated"],
    ["a: 1\n...\nb: 2\n", "3:1 kubectl reads nothing after the line ..."],
    ["a: 1\n--- {b: 2}\n", "2:1 kubectl accepts only a comment after ---"],
    ["# c\n%YAML 1.2\n---\na: 1\n", "2:1 kubectl accepts no directives"],
    [
      'a:\n  b: "C:\\"\n  c: {"d": 1}\n',
      "2:6 the quotation mark that closes this string is escaped",
    ],
    ["a:\n  - [c, d?e]\n", "2:9 a leading question mark or colon ends a string inside brackets"],
    ["a: b\u0007\n", "1:5 control characters are not allowed in YAML"],
  ])("in %j is where it stands", (text, fault) => {
    expect(told(text)).toEqual([fault]);
  });
});

describe("a text that is made to cost much", () => {
  const levels = "bcdefghi"
    .split("")
    .map(
      (name, index) =>
        `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefghi"[index]}`).join(",")}]\n`,
    )
    .join("");
  it.each([
    ["aliases of aliases", `a: &a [x,x,x,x,x,x,x,x,x]\n${levels}`, "aliases repeat too much"],
    [
      "aliases of a long text",
      `a: &a ${"x".repeat(100_000)}\nb: [${"*a,".repeat(1000)}]\n`,
      "aliases repeat too much",
    ],
    [
      "merges of merges",
      `a: &a {x: 1}\n${Array.from({ length: 1000 }, (_, index) => `b${index}: &b${index} {<<: *${index === 0 ? "a" : `b${index - 1}`}, y${index}: 1}\n`).join("")}`,
      "aliases repeat too much",
    ],
    ["brackets", "[".repeat(20_000), "nested too deeply"],
    ["braces", "{a: ".repeat(5_000), "nested too deeply"],
    ["lists in lists", "- ".repeat(10_000), "nested too deeply"],
    [
      "deeper and deeper lines",
      Array.from({ length: 400 }, (_, index) => `${" ".repeat(index)}a:\n`).join(""),
      "nested too deeply",
    ],
    ["a text that never ends", `a: ${'"x\n'.repeat(2_000)}`, "not valid YAML"],
  ])("(%s) is told within a second of computing", (_, text, message) => {
    for (const reader of [read, (one: string) => [readYaml({ file: "promoter.yml", text: one })]]) {
      const before = process.threadCpuUsage();
      const [fault] = reader(text).flatMap(({ faults }) => faults);
      const { user, system } = process.threadCpuUsage(before);
      expect(fault?.message).toContain(message);
      expect((user + system) / 1000).toBeLessThan(1000);
    }
  });

  it.each([
    ["keys", "k: 1\n".repeat(20_000), 100],
    ["numbers", "- .nan\n".repeat(20_000), 100],
    ["documents", "---\na: [\n".repeat(1500), 1001],
  ])("with thousands of wrong %s is told some of its faults", (_, text, most) => {
    const before = process.threadCpuUsage();
    expect(told(text).length).toBeLessThanOrEqual(most);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it.each(["{%}", "a: {%}\n", "a:\n  - [%]\n"])("may be wide: %s", (frame) => {
    expect(
      told(
        frame.replace(
          "%",
          Array.from({ length: 2000 }, (_, index) => `"k${index}": ${index}`).join(","),
        ),
      ),
    ).toEqual([]);
  });

  it("may use an anchor as often as a large project does", () => {
    expect(told(`a: &a {b: [c, d], e: f}\nlist:\n${"- *a\n".repeat(5000)}`)).toEqual([]);
  });
});
