import { isScalar, type Pair, type ParsedNode, type Scalar } from "yaml";
import type { Position } from "./document-reading.ts";
import type { FaultText } from "./scalar-readers.ts";

export type MapEntry = Pair<ParsedNode, ParsedNode | null>;

/** What is wrong with a key; `name`: what it is called, undefined where it is not a key. */
export function keyFault(
  key: ParsedNode,
  { name, own }: { readonly name: string | undefined; readonly own: ReadonlyMap<string, unknown> },
  at: Position,
): FaultText | undefined {
  if (isScalar(key) && isOverLines(key, at)) {
    return { message: "a key spans several lines", remedy: "write it on one line" };
  }
  if (name === undefined) {
    return {
      message: "this cannot be a key",
      remedy: "write a string; put it in quotes if it begins with a brace or a bracket",
    };
  }
  if (!own.has(name)) return undefined;
  return {
    message: `the key ${name} is repeated`,
    remedy: "keep one of the two; otherwise the last one would win silently",
  };
}

/**
 * Other readers expect the colon on the same line; a block scalar after a question mark is a
 * deliberate key.
 */
function isOverLines(
  { type, range: [start, end] }: Scalar.Parsed,
  { reading: { text } }: Position,
): boolean {
  return (
    type !== "BLOCK_LITERAL" && type !== "BLOCK_FOLDED" && text.slice(start, end).includes("\n")
  );
}

/** `<<` without quotes, as YAML 1.1 has it (yaml.org/type/merge.html). */
export function isMerge({ key }: MapEntry): boolean {
  return (
    isScalar(key) &&
    key.source === "<<" &&
    (key.tag === "tag:yaml.org,2002:merge" || (key.tag === undefined && key.type === "PLAIN"))
  );
}
