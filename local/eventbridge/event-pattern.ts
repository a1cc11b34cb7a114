import { refusalReason, refusePattern } from "./invalid-pattern.ts";
import { repeatedKey } from "./repeated-key.ts";
import { refuseUnsupported, valueMatcher, type ValueMatcher } from "./value-matcher.ts";

/** Every path must hold, by one of its matchers. */
export type EventPattern = ReadonlyMap<string, readonly ValueMatcher[]>;

export type PatternResult =
  | { readonly kind: "valid"; readonly pattern: EventPattern }
  | { readonly kind: "invalid"; readonly reason: string };

/** "Event pattern size: 2,048, in characters" (user guide "eb-quota"). */
export const maxPattern = 2_048;

/** Reads a pattern as PutRule does. */
export function compileEventPattern(source: string): PatternResult {
  try {
    return { kind: "valid", pattern: compile(source) };
  } catch (error) {
    return { kind: "invalid", reason: refusalReason(error) };
  }
}

function compile(source: string): EventPattern {
  if (source.length > maxPattern) {
    refusePattern(`the pattern has ${source.length} characters, at most ${maxPattern} are allowed`);
  }
  const pattern = parse(source);
  if (!isObject(pattern)) refusePattern("Filter is not an object");
  const repeated = repeatedKey(source);
  if (repeated !== undefined) refusePattern(cannotRepeat(repeated));
  const matchers = new Map<string, readonly ValueMatcher[]>();
  for (const [path, values] of pathsIn(pattern, "")) {
    // EventBridge joins keys with dots, so `{"a":{"b":…}}` and `{"a.b":…}` are one path (user guide
    // "eb-create-pattern").
    if (matchers.has(path)) refusePattern(cannotRepeat(path));
    matchers.set(path, values.map(valueMatcher));
  }
  return matchers;
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    return refusePattern(error instanceof Error ? error.message : String(error));
  }
}

/** github.com/aws/event-ruler, JsonRuleCompiler without overriding. */
function cannotRepeat(path: string): string {
  return `Path \`${path}\` cannot be allowed multiple times`;
}

type PathAndValues = readonly [path: string, values: readonly unknown[]];

function pathsIn(object: object, above: string): readonly PathAndValues[] {
  const entries = Object.entries(object);
  if (entries.length === 0) refusePattern("Empty objects are not allowed");
  return entries.flatMap(([key, value]) =>
    pathsOf({ key, value, path: above === "" ? key : `${above}.${key}` }),
  );
}

function pathsOf({
  key,
  value,
  path,
}: {
  readonly key: string;
  readonly value: unknown;
  readonly path: string;
}): readonly PathAndValues[] {
  if (key === "$or") refuseUnsupported(key);
  if (isObject(value)) return pathsIn(value, path);
  if (!Array.isArray(value)) refusePattern(`"${key}" must be an object or an array`);
  if (value.length === 0) refusePattern("Empty arrays are not allowed");
  return [[path, value]];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
