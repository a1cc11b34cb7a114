/** What a YAML scalar is; `text` is the fallback. */
export interface PlainScalar {
  readonly kind: "null" | "boolean" | "integer" | "float" | "timestamp" | "text";
  readonly value: string | number | boolean | null;
}

/**
 * A scalar without quotes as kubectl takes it. That is YAML 1.1 with exceptions: base 60 does not
 * exist, `0o7` is a number, a lone `.` is a text, and so is a number that is too large for a
 * double. Source: go.yaml.in/yaml/v2 2.4, resolve.go, which sigs.k8s.io/yaml uses.
 */
export function plainScalar(text: string): PlainScalar {
  const word = words.get(text);
  if (word) return word;
  if (text.startsWith(".")) return decimal(text.replaceAll(/(?<=\d)_(?=\d)/g, "")) ?? asText(text);
  if (!/^[-+0-9]/.test(text)) return asText(text);
  if (isTimestamp(text)) return { kind: "timestamp", value: text };
  const digits = text.replaceAll("_", "");
  return integer(digits) ?? decimal(digits) ?? asText(text);
}

const words: ReadonlyMap<string, PlainScalar> = new Map([
  ...named("boolean", true, [
    "y",
    "Y",
    "yes",
    "Yes",
    "YES",
    "true",
    "True",
    "TRUE",
    "on",
    "On",
    "ON",
  ]),
  ...named("boolean", false, [
    "n",
    "N",
    "no",
    "No",
    "NO",
    "false",
    "False",
    "FALSE",
    "off",
    "Off",
    "OFF",
  ]),
  ...named("null", null, ["", "~", "null", "Null", "NULL"]),
  ...named("float", Number.NaN, [".nan", ".NaN", ".NAN"]),
  ...named("float", Infinity, [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]),
  ...named("float", -Infinity, ["-.inf", "-.Inf", "-.INF"]),
]);

function named(
  kind: PlainScalar["kind"],
  value: PlainScalar["value"],
  spellings: readonly string[],
): readonly (readonly [string, PlainScalar])[] {
  return spellings.map((word) => [word, { kind, value }]);
}

function asText(text: string): PlainScalar {
  return { kind: "text", value: text };
}

const bases: readonly (readonly [form: RegExp, base: 2 | 8 | 10 | 16])[] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, 16],
  [/^([-+]?)0[bB]([01]+)$/, 2],
  [/^([-+]?)0[oO]?([0-7]+)$/, 8],
  [/^([-+]?)(0|[1-9]\d*)$/, 10],
  [/^0b([-+])([01]+)$/, 2],
];
const prefixes = { 2: "0b", 8: "0o", 10: "", 16: "0x" } as const;

/**
 * Undefined, too, for what does not fit into 64 bits: kubectl goes on and takes it for a float or a
 * text.
 */
function integer(digits: string): PlainScalar | undefined {
  for (const [form, base] of bases) {
    const [, sign, magnitude] = form.exec(digits) ?? [];
    if (magnitude === undefined) continue;
    const value = BigInt(`${prefixes[base]}${magnitude}`) * (sign === "-" ? -1n : 1n);
    const fits = value >= -(2n ** 63n) && value < (sign === "" ? 2n ** 64n : 2n ** 63n);
    return fits ? { kind: "integer", value: Number(value) } : undefined;
  }
  return undefined;
}

function decimal(text: string): PlainScalar | undefined {
  if (!/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { kind: "float", value } : undefined;
}

const date = String.raw`(\d{4})-(\d\d?)-(\d\d?)`;
const time = String.raw`(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?`;
const timestamp = new RegExp(String.raw`^${date}(?:[Tt]${time}(?:Z|[-+]\d\d:\d\d)| ${time})?$`);

/** Only where a tag asks for one does it matter: without a tag it is the text that stands there. */
function isTimestamp(text: string): boolean {
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = timestamp.exec(text) ?? [];
  if (year === undefined) return false;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return (
    inRange(month, 1, 12) &&
    inRange(day, 1, days) &&
    inRange(hour, 0, 23) &&
    inRange(minute, 0, 59) &&
    inRange(second, 0, 59)
  );
}

function inRange(digits: string | undefined, min: number, max: number): boolean {
  return Number(digits) >= min && Number(digits) <= max;
}
