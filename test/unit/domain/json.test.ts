import { describe, expect, it } from "vitest";
import { isPromoterError } from "../../../src/domain/errors.ts";
import { listAt, numberAt, recordAt, textAt, valueAt } from "../../../src/domain/json.ts";

describe("what was never written", () => {
  it.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "is not found under %s",
    (key) => {
      expect([
        valueAt({}, key),
        valueAt({ a: {} }, "a", key),
        textAt({}, key),
        numberAt({}, key),
      ]).toEqual([undefined, undefined, undefined, undefined]);
      expect([recordAt({}, key), listAt({}, key)]).toEqual([{}, []]);
      expect(valueAt(JSON.parse(`{"${key}":1}`), key)).toBe(1);
    },
  );

  it.each(["constructor", "toString"])("is not an error of ours, though it is named %s", (name) => {
    expect(isPromoterError(Object.assign(new Error("x"), { name, retryable: true }))).toBe(false);
  });
});
