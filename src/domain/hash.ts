/** Lower-case hex SHA-256 of a text in UTF-8. Passed in, so that the domain needs no library. */
export type Hash = (text: string) => string;

/** Lower-case hex HMAC-SHA-256 of a text in UTF-8, with a key in hex. */
export type Mac = (key: string, text: string) => string;

/** The first 12 hex digits, for people. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/**
 * JSON with the keys of every object in code-point order and undefined members left out: equal
 * values give equal bytes.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
