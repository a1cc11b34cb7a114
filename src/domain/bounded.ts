import { textAt } from "./json.ts";
/**
 * Maximum length of one stored text from outside: a reason, a name of a person, a message of an
 * error.
 */
export const maxTextLength = 2_000;
/** Of one list of reasons: how many, and how long all of them together. */
export const maxReasons = 100;
export const maxReasonsLength = 12_000;
/** Of all reasons of the verdicts together; each keeps at least `minReasonLength`. */
const maxVerdictsLength = 40_000;
const minReasonLength = 60;

/**
 * The beginning of a text that is longer than that. A character outside the basic plane is not cut
 * in two.
 */
export function cutOff(text: string, maxLength: number): string {
  return text.length > maxLength
    ? `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`
    : text;
}

/**
 * As many as may be kept, each as long as it may be, and how many are left out. What was bounded
 * before stays as it is.
 */
export function boundedReasons(reasons: readonly string[]): readonly string[] {
  const all = reasons.slice(0, maxReasons + 1).map((one) => cutOff(one, maxTextLength));
  if (all.length <= maxReasons && lengthOf(all) <= maxReasonsLength) return all;
  const kept = all.slice(0, maxReasons - 1);
  while (lengthOf(kept) > maxReasonsLength - roomForRest) kept.pop();
  return [...kept, `and ${reasons.length - kept.length} more`];
}

const roomForRest = 30;

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/**
 * What of an item is words, and may come from outside. All else is names, numbers and hashes, which
 * are checked where they come in.
 */
const words: ReadonlySet<string> = new Set(["reason", "requester", "by", "who", "why"]);
const lists: ReadonlySet<string> = new Set(["reasons", "trouble"]);

/**
 * Data as it may be stored: every text that may come from outside has its bound, wherever it
 * stands. The stores put everything through this, so that no item can grow beyond what the table
 * takes, and no promotion becomes one that cannot be closed.
 */
export function bounded<Value>(value: Value): Value {
  // The form stays: only texts become shorter.
  return boundedAt("", value) as Value;
}

function boundedAt(name: string, value: unknown): unknown {
  if (typeof value === "string") return words.has(name) ? cutOff(value, maxTextLength) : value;
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof Uint8Array ||
    value instanceof Set
  ) {
    return value;
  }
  if (!Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, boundedAt(key, member)]),
    );
  }
  if (lists.has(name) && value.every((one) => typeof one === "string")) {
    return boundedReasons(value);
  }
  return name === "verdicts" ? boundedVerdicts(value) : value.map((one) => boundedAt("", one));
}

function boundedVerdicts(verdicts: readonly unknown[]): readonly unknown[] {
  const maxLength = Math.min(
    maxTextLength,
    Math.max(minReasonLength, Math.floor(maxVerdictsLength / verdicts.length)),
  );
  return verdicts.map((verdict) =>
    hasReason(verdict) ? { ...verdict, reason: cutOff(verdict.reason, maxLength) } : verdict,
  );
}

function hasReason(value: unknown): value is { readonly reason: string } {
  return textAt(value, "reason") !== undefined;
}
