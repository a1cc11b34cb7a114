import type { NodeFault } from "./document-reading.ts";

const kinds: readonly (readonly [form: RegExp, message: string, remedy: string])[] = [
  [
    /(?![\t\n\r\u0085])[\p{Cc}\uFFFE\uFFFF]/u,
    "control characters are not allowed in YAML",
    "remove it, or write it as \\x… in double quotes",
  ],
  [
    /\r(?!\n)|[\u0085\u2028\u2029]/,
    "kubectl treats this character as a line break, other parsers do not",
    "end lines with a line feed, or write the character as \\u… in double quotes",
  ],
  [
    /^(?:\s*(?:#.*)?\n)*%/,
    "kubectl accepts no directives",
    "remove the line; everything is read as YAML 1.1",
  ],
];

/**
 * Characters that go-yaml refuses or takes for a line break, and our library does not (YAML 1.1,
 * chapters 4.1 and 4.2).
 */
export function forbiddenCharacters(text: string): readonly NodeFault[] {
  return kinds.flatMap(([form, message, remedy]) => {
    const found = form.exec(text);
    return found ? [{ offset: found.index + found[0].length - 1, message, remedy }] : [];
  });
}
