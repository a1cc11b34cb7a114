import { canonicalJson } from "../hash.ts";
import { ownEntry } from "../own-entry.ts";
import { lastApplied } from "./bookkeeping.ts";
import { isRecord, recordAt, withoutKeys, type JsonRecord } from "./json.ts";
import { kindOf } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

interface Secrets {
  readonly from: JsonRecord;
  readonly to: JsonRecord;
}

/**
 * Two states of a Secret without its values: whether one is set and whether it becomes another. No
 * digest instead: whoever sees it could try every short value.
 */
export function withoutValues({ from, to }: Secrets): Secrets {
  const [before, after] = [asKept(from), asKept(to)];
  return { from: masked(before, before), to: masked(after, before) };
}

/** An object as it may be shown to people. */
export function shownObject(object: KubernetesObject): KubernetesObject {
  if (kindOf(object).holds !== "secrets") return object;
  return { ...object, ...withoutValues({ from: object, to: object }).to };
}

/**
 * `stringData` is how a person writes `data`; the server keeps the second alone
 * (kubernetes.io/docs/concepts/configuration/secret).
 */
function asKept(secret: JsonRecord): JsonRecord {
  const written = Object.entries(recordAt(secret, "stringData")).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString("base64"),
  ]);
  return {
    ...withoutKeys(secret, ["stringData"]),
    data: { ...recordAt(secret, "data"), ...Object.fromEntries(written) },
  };
}

function masked(secret: JsonRecord, before: JsonRecord): JsonRecord {
  const metadata = recordAt(secret, "metadata");
  const annotations = metadata["annotations"];
  const kept = isRecord(annotations)
    ? maskedValues(annotations, {
        before: recordAt(before, "metadata", "annotations"),
        which: (key) => key === lastApplied,
      })
    : annotations;
  const data = maskedValues(recordAt(secret, "data"), {
    before: recordAt(before, "data"),
    which: () => true,
  });
  return {
    ...secret,
    data,
    metadata: annotations === undefined ? metadata : { ...metadata, annotations: kept },
  };
}

function maskedValues(
  values: JsonRecord,
  { before, which }: { readonly before: JsonRecord; readonly which: (key: string) => boolean },
): JsonRecord {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      which(key) ? mark(value, ownEntry(before, key)) : value,
    ]),
  );
}

function mark(value: unknown, before: unknown): string {
  return before === undefined || canonicalJson(value) === canonicalJson(before)
    ? "(set)"
    : "(another value)";
}
