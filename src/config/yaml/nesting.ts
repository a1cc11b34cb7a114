import { Lexer } from "yaml";
import { contentFollows, markers } from "./lexer-markers.ts";
import type { FaultText } from "./scalar-readers.ts";

/**
 * Deeper than anything a person writes. What is nested further is never parsed, because the time
 * that the library takes grows with the square of the depth; and so recursive readers of the value
 * stay shallow.
 */
export const maxDepth = 200;

export const nestedTooDeeply: FaultText = {
  message: "this is nested too deeply",
  remedy: `nest at most ${maxDepth} levels`,
};

/** Where brackets, or indicators on one line, begin to be nested too far; undefined: nowhere. */
export function deepNestingOffset(text: string): number | undefined {
  if (!mayBeDeep(text)) return undefined;
  let [offset, brackets, indicators, isContent] = [0, 0, 0, false];
  for (const token of new Lexer().lex(text)) {
    if (markers.includes(token)) {
      isContent = token === contentFollows;
      continue;
    }
    if (!isContent) {
      brackets = Math.max(
        0,
        brackets + (opening.includes(token) ? 1 : closing.includes(token) ? -1 : 0),
      );
      indicators = token.endsWith("\n")
        ? 0
        : indicators + Number(brackets === 0 && nesting.includes(token));
    }
    if (brackets > maxDepth || indicators > maxDepth) return offset;
    offset += token.length;
    isContent = false;
  }
  return undefined;
}

/** Each level takes a bracket, or a character of its line. */
function mayBeDeep(text: string): boolean {
  const brackets = text.match(/[[{]/g)?.length ?? 0;
  return brackets > maxDepth || longLine.test(text);
}

const longLine = new RegExp(`.{${maxDepth}}`);

const opening: readonly string[] = ["[", "{"];
const closing: readonly string[] = ["]", "}"];
const nesting: readonly string[] = ["-", "?", ":"];
