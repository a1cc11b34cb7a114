import { cutOff } from "./bounded.ts";
import { printable } from "./printable.ts";

const maxCauseLength = 300;

/**
 * What a cluster says of a failure, on one line and of bounded length: data, never markup and never
 * commands to a terminal.
 */
export function causeText(text: string): string {
  const cause = printable(text.trim().replaceAll(/\s+/g, " "));
  return cutOff(cause, maxCauseLength);
}
