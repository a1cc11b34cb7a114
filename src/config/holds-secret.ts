/**
 * Neither lines nor values of a file with a Secret are shown. Better to hide one file too many than
 * to leak a value.
 */
export function holdsSecret(text: string): boolean {
  return /\bkind\b\W+(?:!?\w+\W+)?Secret\b/.test(text);
}
