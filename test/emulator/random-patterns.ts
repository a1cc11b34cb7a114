import fc from "fast-check";

export interface RandomCase {
  readonly pattern: object;
  readonly event: object;
}

const text = fc.constantFrom("", "a", "b", "ab", "aB", "abc", "a*", "10.0.0.1", "10.9.0.0/16");
const texts = fc.array(text, { minLength: 1, maxLength: 2 });
const number = fc.constantFrom(0, 1, -1, 5, 10, 301.8, 1_000);
const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const key = fc.constantFrom("a", "b");

/** Often empty, nested or in arrays, as events are that somebody else writes. */
const { event } = fc.letrec<{ event: object; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: "small" }, leaf, fc.array(fc.oneof(leaf, tie("event")), { maxLength: 3 }), tie("event")),
  event: fc.dictionary(key, tie("value"), { maxKeys: 2 }),
}));

const ignoringCase = fc.record({ "equals-ignore-case": text });
const refusal = fc.oneof(
  leaf, texts, fc.array(number, { minLength: 1, maxLength: 2 }), fc.record({ prefix: fc.oneof(text, texts) }), fc.record({ suffix: fc.oneof(text, texts) }),
  fc.record({ wildcard: fc.oneof(text, texts) }), fc.record({ "equals-ignore-case": fc.oneof(text, texts) }),
);
const matcher = fc.oneof(
  leaf, ignoringCase, fc.record({ prefix: fc.oneof(text, ignoringCase) }), fc.record({ suffix: fc.oneof(text, ignoringCase) }), fc.record({ "anything-but": refusal }),
  fc.record({ wildcard: fc.constantFrom("a*", "*b", "a*c", "*", "b", "**", String.raw`a\*`) }),
  fc.record({ numeric: fc.constantFrom([">", 0], ["=", 5], ["<", 10], [">=", 1, "<", 10], ["<=", 0]) }), fc.record({ cidr: fc.constantFrom("10.0.0.0/8", "10.0.0.0/24") }),
  // Its opposite below arrays, and one path with both matchers and fields, the emulator decides element by element, which Ruler does not; the corpus has them.
  fc.constant({ exists: true }),
);
const matchers = fc.array(matcher, { minLength: 1, maxLength: 3 });
const fields = fc.dictionary(key, fc.oneof(matchers, fc.dictionary(key, matchers, { minKeys: 1, maxKeys: 1 })), { minKeys: 1, maxKeys: 1 });
const alternatives = fc.record({ $or: fc.tuple(fields, fields) });

/** Patterns and events of few words, so that many match; the same for the same seed. */
export function randomPatterns(count: number, seed: number): readonly RandomCase[] {
  return fc.sample(fc.record({ pattern: fc.oneof(fields, fields, alternatives), event }), { numRuns: count, seed });
}
