/**
 * The value at a path, undefined where there is none. EventBridge knows dot notation with letters,
 * digits, dashes and underscores, array indices and the wildcard, and no more of JSON path (user
 * guide "eb-transform-target-input").
 */
export function valueAt(event: unknown, path: string): unknown {
  if (!/^\$(?:\.[\w/-]+|\[(?:\d+|\*)\])*$/.test(path)) return undefined;
  return follow(event, path.match(/[\w/-]+|\*/g) ?? []);
}

function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (step === "*") return Object.values(value).map((element) => follow(element, rest));
  const found = Object.entries(value).find(([key]) => key === step);
  return found && follow(found[1], rest);
}
