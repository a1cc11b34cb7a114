/** The first of some names as a text, and how many are left out: "a, b and 3 more". */
export function abbreviateList(names: readonly string[], max: number): string {
  const named = names.slice(0, max).join(", ");
  return names.length > max ? `${named} and ${names.length - max} more` : named;
}
