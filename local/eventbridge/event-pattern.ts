import { refusalReason, refusePattern } from "./invalid-pattern.ts";
import { reservedNames, valueMatcher, type ValueMatcher } from "./value-matcher.ts";

/** One way to match: every path must hold. `$or` makes several branches of one pattern. */
export type Branch = ReadonlyMap<string, readonly ValueMatcher[]>;

export interface EventPattern {
  readonly branches: readonly Branch[];
  /** At most 30 rules of a bus may use wildcards (user guide "eb-quota"). */
  readonly usesWildcards: boolean;
}

export type PatternResult =
  | { readonly kind: "valid"; readonly pattern: EventPattern }
  | { readonly kind: "invalid"; readonly reason: string };

/** "Event pattern size: 2,048, in characters" (user guide "eb-quota"). */
export const longestPattern = 2_048;

/** "…will throw an InvalidEventPatternException if the use of $or results in over 1000 rule combinations" (eb-create-pattern-operators). */
const mostCombinations = 1_000;

/** Reads a pattern as PutRule does. A repeated key counts with its last value, which is what JSON.parse keeps. */
export function compileEventPattern(source: string): PatternResult {
  try {
    return { kind: "valid", pattern: compile(source) };
  } catch (error) {
    return { kind: "invalid", reason: refusalReason(error) };
  }
}

function compile(source: string): EventPattern {
  if (source.length > longestPattern) {
    refusePattern(`the pattern has ${source.length} characters, at most ${longestPattern} are allowed`);
  }
  const pattern = parse(source);
  if (!isObject(pattern)) refusePattern("Filter is not an object");
  return { branches: branchesOf(pattern), usesWildcards: usesWildcards(pattern) };
}

/** "Otherwise, Ruler just treats the "$or" as normal" field name (github.com/aws/event-ruler README, "The "$or" Primitive"): what cannot be alternatives. */
function branchesOf(pattern: object): readonly Branch[] {
  try {
    return withObject([new Map()], pattern, { path: "", insideOr: false, or: "alternatives" });
  } catch (refusal) {
    try {
      return withObject([new Map()], pattern, { path: "", insideOr: false, or: "field" });
    } catch {
      throw refusal;
    }
  }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    return refusePattern(error instanceof Error ? error.message : String(error));
  }
}

interface Place {
  /** EventBridge joins keys with dots, so `{"a":{"b":…}}` and `{"a.b":…}` are one path (user guide "eb-create-pattern"). */
  readonly path: string;
  readonly insideOr: boolean;
  /** What `$or` is in this pattern. */
  readonly or: "alternatives" | "field";
}

function withObject(branches: readonly Branch[], object: object, place: Place): readonly Branch[] {
  const entries = Object.entries(object);
  if (entries.length === 0) refusePattern("Empty objects are not allowed");
  let grown = branches;
  for (const [key, value] of entries) grown = withEntry(grown, { key, value }, place);
  return grown;
}

function withEntry(branches: readonly Branch[], entry: { key: string; value: unknown }, place: Place): readonly Branch[] {
  const { key, value } = entry;
  if (key === "$or" && place.or === "alternatives") return withAlternatives(branches, value, place);
  if (place.insideOr && reservedNames.has(key)) {
    refusePattern(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
  }
  const path = place.path === "" ? key : `${place.path}.${key}`;
  if (Array.isArray(value)) return withMatchers(branches, path, value);
  if (isObject(value)) return withObject(branches, value, { ...place, path });
  return refusePattern(`"${key}" must be an object or an array`);
}

function withMatchers(branches: readonly Branch[], path: string, entries: readonly unknown[]): readonly Branch[] {
  if (entries.length === 0) refusePattern("Empty arrays are not allowed");
  const matchers = entries.map(valueMatcher);
  return branches.map((branch) => new Map([...branch, [path, matchers]]));
}

function withAlternatives(branches: readonly Branch[], value: unknown, place: Place): readonly Branch[] {
  if (!Array.isArray(value)) refusePattern("It must be an Array followed with $or.");
  if (!value.every(isObject)) refusePattern("Only JSON object is allowed in array of $or relationship.");
  if (value.length < 2) refusePattern("There must have at least 2 Objects in $or relationship.");
  if (branches.length * value.length > mostCombinations) {
    refusePattern(`$or results in more than ${mostCombinations} rule combinations`);
  }
  return value.flatMap((alternative) => withObject(branches, alternative, { ...place, insideOr: true }));
}

function usesWildcards(value: unknown): boolean {
  if (!isObject(value) && !Array.isArray(value)) return false;
  return Object.entries(value).some(([key, inner]) => isWildcard(key, inner) || usesWildcards(inner));
}

/** A field may be called "wildcard" too; then its value is an array of matchers or an object, unless inside anything-but. */
function isWildcard(key: string, value: unknown): boolean {
  return key === "wildcard" && (typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string")));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
