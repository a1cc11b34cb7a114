interface Container {
  /** The key that this object or array stands under; undefined in an array and for the whole. */
  readonly name: string | undefined;
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
}

/**
 * The path, by keys alone, of the first key that an object of a valid JSON text has twice;
 * undefined when none has. JSON.parse silently keeps the last of the two, so the text itself is
 * searched; without recursion, however deep it is.
 */
export function repeatedKey(json: string): readonly string[] | undefined {
  const open: Container[] = [];
  let name: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (character === "{" || character === "[") {
      open.push({ name, keys: character === "{" ? new Set() : undefined });
    }
    if (character === "}" || character === "]") open.pop();
    if ("{}[]".includes(character)) name = undefined;
    if (character !== '"') continue;
    const end = endOfString(json, at);
    name = isFollowedByColon(json, end) ? keyOf(json.slice(at, end)) : undefined;
    if (name !== undefined && isKnown(open.at(-1), name)) {
      return [...open.flatMap((level) => level.name ?? []), name];
    }
    at = end - 1;
  }
  return undefined;
}

function isKnown(level: Container | undefined, key: string): boolean {
  if (level?.keys?.has(key)) return true;
  level?.keys?.add(key);
  return false;
}

/** After the closing quotation mark. */
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
