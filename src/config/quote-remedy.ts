import { holdsSecret } from "./holds-secret.ts";

/**
 * What a character means to YAML that people write at the beginning of a value, as in #releases, @anna,
 * *-debug, >=1.0.0 and {version}.
 */
const meanings: Readonly<Record<string, string>> = {
  "#": "begins a comment",
  "*": "is an alias",
  "&": "is an anchor",
  "!": "is a tag",
  ">": "begins a multi-line string",
  "|": "begins a multi-line string",
  "{": "begins a map",
  "@": "is reserved",
  "`": "is reserved",
  "%": "is reserved",
};

const valueStart = /(?:^\s*|[[{,]\s*|:\s+|-\s+)([#*&!>|{@`%])/g;

/**
 * How a value is to be written that was meant as a text, although its first character means
 * something else to YAML; undefined where the value at this place, or the last one before it in its
 * line, does not begin with such a character.
 */
function quoteRemedy(text: string, offset: number): string | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart).split(/\r?\n/, 1)[0] ?? "";
  const value = valuesIn(line).findLast(({ start }) => start <= offset - lineStart);
  return value && remedyFor(value.text);
}

/** The same without the value where it could be one of a Secret. */
export function quotedValue(text: string, offset: number): string | undefined {
  const remedy = quoteRemedy(text, offset);
  return remedy !== undefined && holdsSecret(text)
    ? "put the value in quotes: its first character means something else to YAML"
    : remedy;
}

/**
 * Where a comment begins that was meant as a value and took the end of a bracket with it; undefined
 * where none did.
 */
export function swallowingComment(text: string, end: number): number | undefined {
  const before = text.slice(0, end).split("\n");
  for (const [index, line] of [...before.entries()].toReversed()) {
    const value = valuesIn(line).find(
      (one) => one.text.startsWith("#") && /[\]}]/.test(line.slice(one.start)),
    );
    if (value) {
      return before.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0) + value.start;
    }
  }
  return undefined;
}

/**
 * Those that the character begins, or is as a whole where YAML has no other use for it: in `key: #
 * why`, nothing but a comment was meant. `start`: from 0, in the line.
 */
function valuesIn(line: string): readonly { readonly start: number; readonly text: string }[] {
  const values = [...line.matchAll(valueStart)].map((found) => {
    const start = found.index + found[0].length - 1;
    return { start, text: valueAt(line.slice(start)) };
  });
  return values.filter(({ text }) => text.length > 1 || text === "*");
}

/**
 * A text without blanks, or one that has digits after them, such as `>=1.0.0 <2.0.0`; up to the end
 * of the list or map that it stands in.
 */
function valueAt(rest: string): string {
  if (rest.startsWith("{")) return /^\{version\}[\w.-]*/.exec(rest)?.[0] ?? "";
  return /^[^,\]}\s]*(?:\s+[<>=^~|\d][^,\]}\s]*)*/.exec(rest)?.[0] ?? "";
}

function remedyFor(value: string): string {
  const [first = ""] = value;
  const quoted = `"${value.replaceAll(/["\\]/g, "")}"`;
  return `put it in quotes: ${quoted} (a bare ${first} ${meanings[first] ?? "means something else to YAML"})`;
}
