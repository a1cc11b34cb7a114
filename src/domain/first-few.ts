/** The first of some names as a text, and how many are left out: "a, b and 3 more". */
export function firstFew(names: readonly string[], most: number): string {
  const named = names.slice(0, most).join(", ");
  return names.length > most ? `${named} and ${names.length - most} more` : named;
}
