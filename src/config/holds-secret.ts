/**
 * Of a file with a Secret neither lines are shown nor what stands in them. Rather one file too many
 * than a value.
 */
export function holdsSecret(text: string): boolean {
  return /\bkind\b\W+(?:!?\w+\W+)?Secret\b/.test(text);
}
