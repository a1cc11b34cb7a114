import type { PlainScalar } from "./plain-scalar.ts";

/**
 * What a key is called in JSON, as sigs.k8s.io/yaml has it: `0x10: a` is `"16"`, `yes: a` is
 * `"true"`. Undefined for null, which is not a key, and for an integer that is no longer exact.
 */
export function keyText({ kind, value }: PlainScalar): string | undefined {
  if (value === null || (kind === "integer" && !Number.isSafeInteger(value))) return undefined;
  return kind === "float" ? shortFloat(Number(value)) : String(value);
}

/** The shortest digits that are this number in 32 bits, in the form of C's `%g`. */
function shortFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? ".nan" : `${value < 0 ? "-" : ""}.inf`;
  const digits =
    [1, 2, 3, 4, 5, 6, 7, 8].find(
      (count) => Math.fround(Number(value.toExponential(count - 1))) === Math.fround(value),
    ) ?? 9;
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(digits)));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
