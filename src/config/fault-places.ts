import { cutOff } from "../domain/bounded.ts";
import { printable } from "../domain/printable.ts";
import type { Fault } from "./fault.ts";
import { holdsSecret } from "./holds-secret.ts";

/** A fault at an offset of a text. */
export type FaultPlace = (offset: number, said: Pick<Fault, "message" | "remedy">) => Fault;

const maxMessageLength = 500;

/**
 * The lines of a text are counted once, for all its faults. What a user wrote may stand in the
 * messages.
 */
export function faultPlaces({
  file,
  text,
}: {
  readonly file: string;
  readonly text: string;
}): FaultPlace {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const end = Math.max(0, text.trimEnd().length - 1);
  const isSecret = holdsSecret(text);
  return (offset, { message, remedy }) => {
    const at = Math.min(offset, end);
    const line = lineOf(starts, at);
    const start = starts[line - 1] ?? 0;
    const bounded = cutOff(message, maxMessageLength);
    const excerpt = isSecret
      ? ""
      : printable(text.slice(start, starts[line]).replace(/\r?\n$/, ""));
    return { file, line, column: at - start + 1, message: printable(bounded), remedy, excerpt };
  };
}

/** The last line that begins at or before the offset, from 1. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
