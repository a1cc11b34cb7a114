import { type Json, type JsonObject, objectAt } from "../../json-value.ts";

/**
 * `kubectl create namespace`, `configmap` and `secret generic` send Protocol Buffers. The numbers
 * are those of k8s.io/api core/v1 generated.proto and apimachinery meta/v1 generated.proto; a field
 * that is not among them is not understood.
 */
type Form = "text" | "texts" | "texts by name" | "bytes by name" | "flag" | "ignored" | Message;

interface Message {
  readonly [number: number]: readonly [name: string, form: Form];
}

const ignored = ["", "ignored"] as const;
/** What only a server writes is ignored. */
const metadata: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  4: ignored,
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
  7: ignored,
  8: ignored,
  9: ignored,
  10: ignored,
  11: ["labels", "texts by name"],
  12: ["annotations", "texts by name"],
  14: ["finalizers", "texts"],
  17: ignored,
};
const kinds: Readonly<Record<string, Message>> = {
  Namespace: { 1: ["metadata", metadata], 2: ["spec", { 1: ["finalizers", "texts"] }], 3: ignored },
  ConfigMap: {
    1: ["metadata", metadata],
    2: ["data", "texts by name"],
    3: ["binaryData", "bytes by name"],
    4: ["immutable", "flag"],
  },
  Secret: {
    1: ["metadata", metadata],
    2: ["data", "bytes by name"],
    3: ["type", "text"],
    4: ["stringData", "texts by name"],
    5: ["immutable", "flag"],
  },
};

/** apimachinery pkg/runtime/serializer/protobuf: four bytes, then `runtime.Unknown`. */
const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const envelope: Message = {
  1: ["typeMeta", { 1: ["apiVersion", "text"], 2: ["kind", "text"] }],
  2: ignored,
  3: ignored,
  4: ignored,
};

/** The object that a body holds; undefined for a kind or a field that is not understood here. */
export function protobufObject(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, 4).equals(magic)) return undefined;
  const whole = fieldsOf(body.subarray(4));
  const type = whole && toJson(whole, envelope)?.["typeMeta"];
  const [raw] = whole?.filter(({ number }) => number === 2) ?? [];
  if (
    typeof type !== "object" ||
    type === null ||
    Array.isArray(type) ||
    !Buffer.isBuffer(raw?.value)
  ) {
    return undefined;
  }
  const { kind } = type as JsonObject;
  const message = typeof kind === "string" ? new Map(Object.entries(kinds)).get(kind) : undefined;
  const fields = message && fieldsOf(raw.value);
  const object = fields && toJson(fields, message);
  return object && { ...(type as JsonObject), ...object };
}

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

/**
 * Numbers (wire type 0) and what has a length (2); nothing else occurs in these kinds:
 * protobuf.dev, "Encoding".
 */
function fieldsOf(bytes: Buffer): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const number = (): number => {
    let [value, factor, byte] = [0, 1, 0x80];
    for (; byte >= 0x80 && at < bytes.length; factor *= 128) {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = number();
    const value = number();
    if (tag % 8 === 0) fields.push({ number: Math.floor(tag / 8), value });
    else if (tag % 8 !== 2 || at + value > bytes.length) return undefined;
    else fields.push({ number: Math.floor(tag / 8), value: bytes.subarray(at, (at += value)) });
  }
  return fields;
}

function toJson(fields: readonly Field[], message: Message): JsonObject | undefined {
  const object: Record<string, Json> = {};
  for (const { number, value } of fields) {
    const [name, form] = message[number] ?? [];
    if (name === undefined || form === undefined) return undefined;
    if (form === "ignored") continue;
    const read = readField(value, form, object[name]);
    if (read === undefined) return undefined;
    if (read !== "") object[name] = read;
  }
  return object;
}

/** Go writes empty texts as well. */
function readField(
  value: number | Buffer,
  form: Exclude<Form, "ignored">,
  before: Json | undefined,
): Json | undefined {
  if (!Buffer.isBuffer(value)) return form === "flag" ? value !== 0 : undefined;
  if (form === "text") return value.toString("utf8");
  if (form === "texts") return [...(Array.isArray(before) ? before : []), value.toString("utf8")];
  if (form === "flag") return undefined;
  const fields = fieldsOf(value);
  if (typeof form === "object") return fields && toJson(fields, form);
  const [key, entry] = [1, 2].map((number) => fields?.find((one) => one.number === number)?.value);
  if (!Buffer.isBuffer(key)) return undefined;
  const text = Buffer.isBuffer(entry)
    ? entry.toString(form === "bytes by name" ? "base64" : "utf8")
    : "";
  return { ...objectAt({ before: before ?? {} }, "before"), [key.toString("utf8")]: text };
}
