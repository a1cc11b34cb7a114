import { cutOff } from "../bounded.ts";
import { printable } from "../printable.ts";

/** In characters, the ellipsis among them. */
const maxLength = 81;

/**
 * Text of an image as a message may hold it: bounded, in quotation marks, without what could
 * deceive a reader.
 */
export function quoted(text: string): string {
  const shown = cutOff(text, maxLength);
  return JSON.stringify(printable(shown.toWellFormed()));
}
