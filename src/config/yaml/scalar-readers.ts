import { isUtf8 } from "node:buffer";
import type { Scalar } from "yaml";
import { keyText } from "./key-text.ts";
import { plainScalar } from "./plain-scalar.ts";

/** Why a node cannot be used, without its place. */
export interface FaultText {
  readonly message: string;
  readonly remedy: string;
}

export type ScalarResult = { readonly value: unknown } | FaultText;

export interface ScalarReader {
  /** What a scalar is as JSON. */
  readonly value: (scalar: Scalar.Parsed) => ScalarResult;
  /** What it is as a key; undefined where it is not one. */
  readonly key: (scalar: Scalar.Parsed) => string | undefined;
}

/** YAML 1.2, as the library has resolved it. */
export const coreScalars: ScalarReader = {
  value: ({ value, source }) => exactNumber(value, source),
  key: ({ value }) =>
    value === null || typeof value === "string" ? (value ?? undefined) : JSON.stringify(value),
};

/** As kubectl reads it; the library has left every scalar a text. */
export const kubectlScalars: ScalarReader = { value: kubectlValue, key: kubectlKey };

function kubectlKey(scalar: Scalar.Parsed): string | undefined {
  const { source, tag, type } = scalar;
  if (tag !== undefined && !("value" in kubectlValue(scalar))) return undefined;
  const isText = type !== "PLAIN" || (tag !== undefined && !tagged.has(tag.slice(standard.length)));
  return isText ? source : keyText(plainScalar(source));
}

/** JSON has the same words and numbers, but a number that is too large for it is not a text. */
export const jsonScalars: ScalarReader = {
  ...kubectlScalars,
  value: (scalar) =>
    scalar.type === "PLAIN" && plainScalar(scalar.source).kind === "text"
      ? notFinite
      : kubectlValue(scalar),
};

function kubectlValue({ source, tag, type }: Scalar.Parsed): ScalarResult {
  if (tag === undefined) {
    return type === "PLAIN" ? exactNumber(plainScalar(source).value, source) : { value: source };
  }
  const name = tag.startsWith(standard) ? tag.slice(standard.length) : "";
  if (name === "binary") return binaryValue(source);
  const kind = tagged.get(name);
  return kind === undefined ? { value: source } : taggedValue(source, { name, kind });
}

const standard = "tag:yaml.org,2002:";

/** Any other tag, such as `!Ref`, changes nothing for kubectl. */
const tagged: ReadonlyMap<string, string> = new Map([
  ["int", "integer"],
  ["float", "float"],
  ["bool", "boolean"],
  ["null", "null"],
  ["timestamp", "timestamp"],
]);

function taggedValue(
  source: string,
  { name, kind }: { readonly name: string; readonly kind: string },
): ScalarResult {
  const { kind: found, value } = plainScalar(source);
  if (found === kind || (found === "integer" && kind === "float")) {
    return exactNumber(value, source);
  }
  return {
    message: `this is not of the type !!${name}`,
    remedy: "remove the tag, or correct the value",
  };
}

function binaryValue(source: string): ScalarResult {
  const text = source.replace(/[\r\n]/g, "");
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) {
    return {
      message: "this is not valid base64",
      remedy: "correct it, or remove the tag !!binary",
    };
  }
  if (!isUtf8(bytes)) {
    return {
      message: "the bytes are not UTF-8 text, and JSON holds only that",
      remedy: "remove the tag !!binary; binaryData of a ConfigMap accepts base64 directly",
    };
  }
  return { value: bytes.toString("utf8") };
}

const notFinite: FaultText = {
  message: "JSON cannot represent this number",
  remedy: "put it in quotes, or write a number",
};

/**
 * Beyond 2^53 numbers in JSON are not exact everywhere, nor are they here; one that is written
 * again with the same digits is, such as the maximum of a definition that JavaScript has
 * generated.
 */
function exactNumber(value: unknown, source: string): ScalarResult {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return { value };
  if (!Number.isFinite(value)) return notFinite;
  const isExact = !Number.isInteger(value) || /[.eE]/.test(source) || String(value) === source;
  return isExact
    ? { value }
    : {
        message: "this number is too large to be kept exactly",
        remedy: "put it in quotes, or write a smaller number",
      };
}
