import { cutOff } from "./bounded.ts";
import { printable } from "./printable.ts";

const maxCauseLength = 300;

/** What a cluster says of a failure, on one line and of bounded length. */
export function causeText(text: string): string {
  return lineOf(text, maxCauseLength);
}

/** Text from outside on one line: data, never markup and never commands to a terminal. */
export function lineOf(text: string, maxLength: number): string {
  return cutOff(printable(text.trim().replaceAll(/\s+/g, " ")), maxLength);
}
