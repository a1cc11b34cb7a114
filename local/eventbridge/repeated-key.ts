/** A key with its colon, another string, or a bracket. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * The path of the first key that an object of a valid JSON text has twice; undefined when none has.
 * JSON.parse keeps the last of the two and says nothing.
 */
export function repeatedKey(json: string): string | undefined {
  const open: { readonly name: string | undefined; readonly keys: Set<string> }[] = [];
  let name: string | undefined;
  for (const [text, quoted, colon] of json.matchAll(token)) {
    if (text === "{" || text === "[") open.push({ name, keys: new Set() });
    if (text === "}" || text === "]") open.pop();
    name = quoted !== undefined && colon ? String(JSON.parse(quoted)) : undefined;
    if (name === undefined) continue;
    const level = open.at(-1);
    if (level?.keys.has(name)) return [...open.flatMap((one) => one.name ?? []), name].join(".");
    level?.keys.add(name);
  }
  return undefined;
}
