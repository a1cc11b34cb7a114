/**
 * Quantities in their canonical form, in which the server stores them: no fraction, the largest
 * suffix that allows it
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). Amounts are
 * counted in thousandths.
 */
export function canonicalQuantity(text: string): string {
  const parts = partsOf(text);
  if (!parts) return text;
  const { thousandths, family } = parts;
  if (thousandths === 0n) return "0";
  if (family === "exponent") return text;
  const suffixes = family === "binary" ? binary : decimal;
  const fitting = suffixes.toReversed().find(([, factor]) => thousandths % factor === 0n) ?? [
    "m",
    1n,
  ];
  return `${thousandths / fitting[1]}${fitting[0]}`;
}

/** In thousandths, to compare; undefined for what is no quantity. */
export function quantityValue(text: string): bigint | undefined {
  return partsOf(text)?.thousandths;
}

type Suffix = readonly [name: string, factor: bigint];

const decimal: readonly Suffix[] = [
  ["m", 1n],
  ...["", "k", "M", "G", "T", "P", "E"].map((name, index): Suffix => [
    name,
    1000n ** BigInt(index + 1),
  ]),
];
const binary: readonly Suffix[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map(
  (name, index): Suffix => [name, 1000n * 1024n ** BigInt(index)],
);

interface Parts {
  readonly thousandths: bigint;
  readonly family: "decimal" | "binary" | "exponent";
}

/** Smaller parts than a thousandth are rounded up, as the server does. */
function partsOf(text: string): Parts | undefined {
  const [, sign = "", whole = "", fraction = "", suffix = ""] =
    /^([+-]?)(\d*)\.?(\d*)([A-Za-z]*(?:[-+]?\d+)?)$/.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const family = /^[eE][-+]?\d+$/.test(suffix)
    ? "exponent"
    : suffix.endsWith("i")
      ? "binary"
      : "decimal";
  const factor =
    family === "exponent"
      ? 1000n * 10n ** BigInt(Math.max(0, Number(suffix.slice(1))))
      : [...decimal, ...binary].find(([name]) => name === suffix)?.[1];
  if (factor === undefined) return undefined;
  const scaled = BigInt(`${whole}${fraction}`) * factor;
  const divisor = 10n ** BigInt(fraction.length);
  const thousandths = (scaled + divisor - 1n) / divisor;
  return { thousandths: sign === "-" ? -thousandths : thousandths, family };
}
