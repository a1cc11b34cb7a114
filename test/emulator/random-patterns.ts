import fc from "fast-check";

export interface RandomCase {
  readonly pattern: object;
  readonly event: object;
}

const text = fc.constantFrom("", "a", "b", "ab", "aB", "abc");
const texts = fc.array(text, { minLength: 1, maxLength: 2 });
const number = fc.constantFrom(0, 1, -1, 5, 10, 301.8, 1_000);
const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const key = fc.constantFrom("a", "b");

/** Often empty, nested or in arrays, as events are that somebody else writes. */
const { event } = fc.letrec<{ event: object; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    leaf,
    fc.array(fc.oneof(leaf, tie("event")), { maxLength: 3 }),
    tie("event"),
  ),
  event: fc.dictionary(key, tie("value"), { maxKeys: 2 }),
}));

const excluded = fc.oneof(text, number, texts, fc.array(number, { minLength: 1, maxLength: 2 }));
const matcher = fc.oneof(leaf, fc.record({ "anything-but": excluded }));
const matchers = fc.array(matcher, { minLength: 1, maxLength: 3 });
const fields = fc.dictionary(
  key,
  fc.oneof(matchers, fc.dictionary(key, matchers, { minKeys: 1, maxKeys: 1 })),
  { minKeys: 1, maxKeys: 1 },
);

/** Patterns and events of few words, so that many match; the same for the same seed. */
export function randomPatterns(count: number, seed: number): readonly RandomCase[] {
  return fc.sample(fc.record({ pattern: fields, event }), { numRuns: count, seed });
}
