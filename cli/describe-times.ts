import { formatTime } from "../src/domain/format-time.ts";
import { addRelativeTimes } from "../src/domain/relative-times.ts";

/** A text of a record as it is printed now: every instant in it with its distance from now. */
export function describeTimes(text: string): string {
  return addRelativeTimes(text, Date.now());
}

export function describeTime(milliseconds: number): string {
  return describeTimes(formatTime(milliseconds));
}
