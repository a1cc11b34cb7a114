import { canonicalJson, type Hash } from "../hash.ts";
import type { Difference } from "../plan.ts";
import { printable } from "../printable.ts";
import { shortenPair } from "./describe-change.ts";
import { fieldChanges, type FieldChange } from "./field-changes.ts";
import { isRecord, recordAt, withoutKeys, type JsonRecord } from "./json.ts";
import { describeRef, refOf, type KubernetesObject } from "./object.ts";

export interface Comparison {
  readonly intended: KubernetesObject;
  /** What the object would be by the server's dry run; undefined: it could not be asked. */
  readonly wouldBe: KubernetesObject | undefined;
  /** undefined: it does not exist. */
  readonly live: KubernetesObject | undefined;
}

const mostFields = 20;
const longestValue = 200;

/**
 * What applying would change. The server's dry run is compared as a whole, because it has every default and every other owner's fields;
 * without one only the fields that are intended are compared. An object that does not exist is new as a whole and lists no fields.
 */
export function difference({ intended, wouldBe, live }: Comparison, hash: Hash): Difference {
  const object = describeRef(refOf(intended));
  const unchecked = wouldBe === undefined;
  if (!live) return { object, kind: "create", fields: [], unchecked };
  const changes = fieldChanges({
    from: comparable(live, hash), to: comparable(wouldBe ?? intended, hash), extent: unchecked ? "intended" : "everything",
  });
  const fields = changes.slice(0, mostFields).map(shown);
  const more = changes.length - fields.length;
  return { object, kind: changes.length > 0 ? "change" : "same", fields, ...(more > 0 ? { more } : {}), unchecked };
}

/** What the server writes by itself with every write, or what says how things are and not how they should be. */
const serverKept = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

function comparable(object: KubernetesObject, hash: Hash): JsonRecord {
  const metadata = withoutKeys(object.metadata, serverKept);
  const rest = { ...withoutKeys(object, ["status"]), metadata };
  return object.kind === "Secret" ? withHashedValues(rest, hash) : rest;
}

/** `stringData` is how a person writes `data`; the server keeps the second alone (kubernetes.io/docs/concepts/configuration/secret). */
function withHashedValues(secret: JsonRecord, hash: Hash): JsonRecord {
  const written = mapValues(recordAt(secret, "stringData"), (text) => Buffer.from(String(text)).toString("base64"));
  const data = { ...recordAt(secret, "data"), ...written };
  const masked = { ...withoutKeys(secret, ["stringData"]), metadata: withHashedCopy(recordAt(secret, "metadata"), hash) };
  return { ...masked, data: mapValues(data, (value) => hashed(value, hash)) };
}

/** `kubectl apply` keeps a copy of the whole Secret in an annotation. */
const copyOfAll = "kubectl.kubernetes.io/last-applied-configuration";

function withHashedCopy(metadata: JsonRecord, hash: Hash): JsonRecord {
  const annotations = metadata["annotations"];
  if (!isRecord(annotations) || !(copyOfAll in annotations)) return metadata;
  return { ...metadata, annotations: { ...annotations, [copyOfAll]: hashed(annotations[copyOfAll], hash) } };
}

function hashed(value: unknown, hash: Hash): string {
  return `sha256:${hash(canonicalJson(value)).slice(0, 12)}`;
}

function mapValues(record: JsonRecord, change: (value: unknown) => string): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function shown({ path, from, to }: FieldChange): Difference["fields"][number] {
  const texts = String(from) === String(to) ? "quoted" : "bare";
  return { path, ...shortenPair({ from: textOf(from, texts), to: textOf(to, texts) }, longestValue) };
}

/** Texts are quoted where `"1"` becomes `1`. */
function textOf(value: unknown, texts: "quoted" | "bare"): string | undefined {
  if (value === undefined) return undefined;
  return printable(typeof value === "string" && texts === "bare" ? value : JSON.stringify(value));
}
