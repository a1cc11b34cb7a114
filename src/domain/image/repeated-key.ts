/** A key that stands twice in one object of a JSON text, which must be valid JSON; undefined when none does. */
export function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  for (const { object, key } of keysIn(json)) {
    const name = `${object} ${key}`;
    if (seen.has(name)) return key;
    seen.add(name);
  }
  return undefined;
}

interface Key {
  /** Tells one object of the text from another. */
  readonly object: number;
  readonly key: string;
}

/** JSON.parse keeps the last of two equal keys and says nothing, so the text itself is looked through; without recursion, however deep it is. */
function* keysIn(json: string): Generator<Key> {
  const open: number[] = [];
  for (let at = 0, objects = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (character === "{" || character === "[") open.push((objects += 1));
    if (character === "}" || character === "]") open.pop();
    if (character !== '"') continue;
    const end = endOfString(json, at);
    if (isFollowedByColon(json, end)) yield { object: open.at(-1) ?? 0, key: keyOf(json.slice(at, end)) };
    at = end - 1;
  }
}

/** Behind the closing quotation mark. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charAt(at) !== '"') at += json.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(json: string, from: number): boolean {
  let at = from;
  while (" \t\n\r".includes(json.charAt(at)) && at < json.length) at += 1;
  return json.charAt(at) === ":";
}

/** Go's encoding/json puts U+FFFD for half a surrogate pair, so two such keys are one to it. */
function keyOf(quoted: string): string {
  return String(JSON.parse(quoted)).toWellFormed();
}
