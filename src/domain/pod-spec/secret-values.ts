import { encodeBase64 } from "../base64.ts";
import { canonicalJson } from "../hash.ts";
import { isRecord, recordAt, withoutKeys, type JsonRecord } from "../json.ts";
import { lookUp } from "../look-up.ts";
import { lastApplied } from "./bookkeeping.ts";
import { kindOf } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

interface SecretStates {
  readonly from: JsonRecord;
  readonly to: JsonRecord;
}

/**
 * Two states of a Secret without its values: whether one is set and whether it becomes another. No
 * digest instead: whoever sees it could try every short value.
 */
export function redactSecrets({ from, to }: SecretStates): SecretStates {
  const [before, after] = [storedForm(from), storedForm(to)];
  return { from: redact(before, before), to: redact(after, before) };
}

/** An object as it may be shown to people. */
export function redactObject(object: KubernetesObject): KubernetesObject {
  if (kindOf(object).holds !== "secrets") return object;
  return { ...object, ...redactSecrets({ from: object, to: object }).to };
}

/**
 * `stringData` is how a person writes `data`; the server keeps the second alone
 * (kubernetes.io/docs/concepts/configuration/secret).
 */
export function storedForm(secret: JsonRecord): JsonRecord {
  const written = Object.entries(recordAt(secret, "stringData")).map(([key, text]) => [
    key,
    encodeBase64(String(text)),
  ]);
  return {
    ...withoutKeys(secret, ["stringData"]),
    data: { ...recordAt(secret, "data"), ...Object.fromEntries(written) },
  };
}

function redact(secret: JsonRecord, before: JsonRecord): JsonRecord {
  const metadata = recordAt(secret, "metadata");
  const annotations = metadata["annotations"];
  const kept = isRecord(annotations)
    ? redactValues(annotations, {
        before: recordAt(before, "metadata", "annotations"),
        which: (key) => key === lastApplied,
      })
    : annotations;
  const data = redactValues(recordAt(secret, "data"), {
    before: recordAt(before, "data"),
    which: () => true,
  });
  return {
    ...secret,
    data,
    metadata: annotations === undefined ? metadata : { ...metadata, annotations: kept },
  };
}

function redactValues(
  values: JsonRecord,
  { before, which }: { readonly before: JsonRecord; readonly which: (key: string) => boolean },
): JsonRecord {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      which(key) ? mark(value, lookUp(before, key)) : value,
    ]),
  );
}

function mark(value: unknown, before: unknown): string {
  return before === undefined || canonicalJson(value) === canonicalJson(before)
    ? "(set)"
    : "(another value)";
}
