import { Lexer } from "yaml";

/** What is nested further than this is never parsed: the time that the library takes grows with the square of the depth. */
const deepest = 200;

/** Where brackets, or indicators on one line, begin to be nested too far; undefined: nowhere. */
export function tooDeepAt(text: string): number | undefined {
  let [offset, brackets, indicators, isContent] = [0, 0, 0, false];
  for (const token of new Lexer().lex(text)) {
    if (markers.includes(token)) {
      isContent = token === contentFollows;
      continue;
    }
    if (!isContent) {
      brackets = Math.max(0, brackets + (opening.includes(token) ? 1 : closing.includes(token) ? -1 : 0));
      indicators = token.endsWith("\n") ? 0 : indicators + Number(brackets === 0 && nesting.includes(token));
    }
    if (brackets > deepest || indicators > deepest) return offset;
    offset += token.length;
    isContent = false;
  }
  return undefined;
}

const opening: readonly string[] = ["[", "{"];
const closing: readonly string[] = ["]", "}"];
const nesting: readonly string[] = ["-", "?", ":"];

/** What the lexer puts between the slices of the text (yaml, parse/cst.ts); behind the last one comes a scalar. */
const contentFollows = "\u001F";
const markers: readonly string[] = ["\u0002", "\u0018", contentFollows];
