/**
 * Characters that could deceive a terminal or a reader: control characters, which begin escape
 * sequences (ECMA-48), U+2028 and U+2029, and those that turn the direction of what follows
 * (Unicode standard annex 9).
 */
const deceiving = /[^\P{Cc}\n\t]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from outside as it may be kept and shown: line breaks and tabs stay, U+FFFD replaces the
 * characters that could deceive.
 */
export function printable(text: string): string {
  return text.replace(deceiving, "\uFFFD");
}
