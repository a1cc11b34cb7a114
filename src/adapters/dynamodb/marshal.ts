import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { PromoterError } from "../../domain/errors.ts";

export type Item = Record<string, AttributeValue>;

/** Plain data as DynamoDB attributes; what is undefined is left out. */
export function marshal(fields: object): Item {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, marshalValue(value)]));
}

export function marshalValue(value: unknown): AttributeValue {
  // A lone surrogate does not survive UTF-8; made well-formed here, a text is read back as it was written.
  if (typeof value === "string") return { S: value.toWellFormed() };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (value === null || value === undefined) return { NULL: true };
  if (value instanceof Uint8Array) return { B: value };
  if (value instanceof Set) return { SS: [...value].map(String) };
  if (Array.isArray(value)) return { L: value.map(marshalValue) };
  return { M: marshal(value) };
}

export function unmarshal(item: Item): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, unmarshalValue(value)]),
  );
}

function unmarshalValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.B !== undefined) return value.B;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.L !== undefined) return value.L.map(unmarshalValue);
  return value.M === undefined ? null : unmarshal(value.M);
}

/** Form of the items that this version writes. */
export const schemaVersion = 1;

/** Names that belong to the table, not to what is stored in it. */
const own: ReadonlySet<string> = new Set(["pk", "sk", "schemaVersion", "writer"]);

/**
 * What an item stores, without what only the table needs. The one place where stored data gets its
 * type: only we write this table.
 */
// A schema for every item would check what this folder wrote itself.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function fieldsOf<Fields>(item: Item): Fields {
  const { schemaVersion: found, ...rest } = unmarshal(item);
  if (found !== schemaVersion) throw foreignItem(item, found);
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !own.has(name))) as Fields;
}

function foreignItem({ pk, sk }: Item, found: unknown): PromoterError {
  return new PromoterError(
    "StoreRefused",
    `reading ${pk?.S}/${sk?.S}: expected schema version ${schemaVersion}, got ${String(found)}; ` +
      "deploy the version of the promoter that wrote it",
  );
}
