import { printable } from "../printable.ts";

const longest = 80;

/** Text of an image as a message may hold it: bounded, in quotation marks, without what could deceive a reader. */
export function quoted(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return JSON.stringify(printable(shown.toWellFormed()));
}
