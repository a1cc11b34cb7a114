import { isRecord, type JsonRecord } from "../json.ts";
import { parseJson } from "../parse-json.ts";
import { foldedKey, type Fields } from "./folded-key.ts";
import { quoted } from "./quoted.ts";
import { repeatedKey } from "./repeated-key.ts";

export type Unambiguous =
  | { readonly kind: "read"; readonly document: JsonRecord }
  /** `fault` continues a sentence about the document: "… is not JSON". */
  | { readonly kind: "ambiguous"; readonly fault: string };

/**
 * An object that every parser reads alike, those of nodes included; else why it is ambiguous.
 * `fields` are those that nodes look for.
 */
export function readUnambiguously(text: string, fields: Fields): Unambiguous {
  const document = parseJson(text);
  if (!isRecord(document)) return { kind: "ambiguous", fault: "is not a JSON object" };
  const repeated = repeatedKey(text)?.at(-1);
  if (repeated !== undefined) {
    return {
      kind: "ambiguous",
      fault: `repeats the key ${quoted(repeated)}, of which parsers keep different ones`,
    };
  }
  const found = foldedKey(document, fields);
  if (found) {
    return {
      kind: "ambiguous",
      fault: `has the key ${quoted(found.key)}, which nodes read as ${quoted(found.field)} and others do not`,
    };
  }
  return { kind: "read", document };
}

/**
 * As readUnambiguously, of bytes; those that are not UTF-8 become different characters in different
 * parsers.
 */
export function readBytesUnambiguously(bytes: Uint8Array, fields: Fields): Unambiguous {
  const text = textOf(bytes);
  return text === undefined
    ? { kind: "ambiguous", fault: "is not UTF-8" }
    : readUnambiguously(text, fields);
}

/** A byte order mark stays, so that JSON.parse refuses it as Go does. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
