/** Strings and what gives them their meaning; in valid JSON nothing else holds a quote or a bracket. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

interface Level {
  readonly path: readonly string[];
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
}

/** The path of the first key that an object of this valid JSON text has twice. */
export function repeatedKey(json: string): string | undefined {
  const levels: Level[] = [];
  let text = "";
  let key: readonly string[] = [];
  for (const [token] of json.matchAll(tokens)) {
    const level = levels.at(-1);
    const path = level && !level.keys ? level.path : key;
    if (token === "{" || token === "[") levels.push({ path, keys: token === "{" ? new Set() : undefined });
    else if (token === "}" || token === "]") levels.pop();
    else if (token !== ":") text = token;
    else if (level?.keys) {
      const name = JSON.parse(text) as string;
      key = [...level.path, name];
      if (level.keys.has(name)) return key.join(".");
      level.keys.add(name);
    }
  }
  return undefined;
}
