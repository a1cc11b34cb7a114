import { Lexer } from "yaml";
import { contentFollows, flowBroken, markers } from "./lexer-markers.ts";

export interface IndentedText {
  readonly text: string;
  /** Where an offset in `text` was before. */
  readonly originalOffset: (offset: number) => number;
}

interface Insertion {
  /** In the text before. */
  readonly at: number;
  readonly length: number;
}

/** This many places are corrected; a document with more is reported as broken. */
const maxPlaces = 100;

/**
 * YAML lets the lines of a quoted text or a flow collection be indented less than what they are in
 * only for some readers: libyaml, and so kubectl, takes them; our library does not. Spaces at the
 * beginning of such lines mean nothing, so they are put there.
 */
export function indentContinuedLines(text: string): IndentedText {
  let insertions: readonly Insertion[] = [];
  for (let place = 0; place < maxPlaces; place += 1) {
    const current = insertSpaces(text, insertions);
    const found = underindentedLines(current);
    if (found.length === 0) break;
    const before = originalOffsets(insertions);
    insertions = [
      ...insertions,
      ...found.map(({ at, length }) => ({ at: before(at), length })),
    ].toSorted((one, other) => one.at - other.at);
  }
  return { text: insertSpaces(text, insertions), originalOffset: originalOffsets(insertions) };
}

function insertSpaces(text: string, insertions: readonly Insertion[]): string {
  const starts = [0, ...insertions.map(({ at }) => at)];
  return starts
    .map(
      (start, index) =>
        `${" ".repeat(insertions[index - 1]?.length ?? 0)}${text.slice(start, starts[index + 1])}`,
    )
    .join("");
}

function originalOffsets(insertions: readonly Insertion[]): (offset: number) => number {
  return (offset) => {
    let shift = 0;
    for (const { at, length } of insertions) {
      if (at + shift >= offset) break;
      shift += Math.min(length, offset - at - shift);
    }
    return offset - shift;
  };
}

/** The lines of the first scalar or collection that the lexer ends too early. */
function underindentedLines(text: string): readonly Insertion[] {
  let offset = 0;
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    if (token === flowBroken) return lineAt(text, offset);
    const isQuoted = !isContent && /^["']/.test(token);
    if (isQuoted && !whole.test(token)) return linesOf(text, offset);
    isContent = token === contentFollows;
    if (!markers.includes(token)) offset += token.length;
  }
  return [];
}

const whole = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')$/;

/** All lines of a quoted text but the first; none where it has no end at all. */
function linesOf(text: string, offset: number): readonly Insertion[] {
  const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'/y;
  quoted.lastIndex = offset;
  const [found = ""] = quoted.exec(text) ?? [];
  const breaks = [...found.matchAll(/\n(?!\.\.\.)/g)].map(({ index }) => offset + index + 1);
  return breaks.map((at) => ({ at, length: depthAt(text, offset) }));
}

function lineAt(text: string, offset: number): readonly Insertion[] {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return text.startsWith("...", start) ? [] : [{ at: start, length: depthAt(text, start - 1) }];
}

/** More columns than the line has before it begins: deeper than whatever it stands in. */
function depthAt(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return (/^[ -]*/.exec(text.slice(start, offset + 1))?.[0].length ?? 0) + 1;
}
