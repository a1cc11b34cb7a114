import type { PromotionId } from "../../domain/promotion.ts";
import { readDocument, storeDocument, type StoredDocument } from "./blob.ts";
import { isAbsent, joinKey, type Key } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { getItem, putItem, type Table } from "./table.ts";

/** Sort keys of what a promotion stores whole. */
export const documentNames = {
  plan: (hash: string) => joinKey("PLAN", hash),
  differences: (hash: string) => joinKey("DIFFERENCES", hash),
  manifest: (digest: string) => joinKey("MANIFEST", digest),
  snapshot: "SNAPSHOT",
  applied: "APPLIED",
} as const;

export interface DocumentKey {
  readonly id: PromotionId;
  readonly name: string;
}

/** false: one exists already, and it stays. */
export async function storeOnce(table: Table, key: DocumentKey, value: object): Promise<boolean> {
  const fields = await storeDocument(table, value);
  const { kind } = await putItem(table, keyOf(key), { fields, condition: isAbsent });
  return kind === "written";
}

export async function replaceDocument(
  table: Table,
  key: DocumentKey,
  value: object,
): Promise<void> {
  await putItem(table, keyOf(key), { fields: await storeDocument(table, value) });
}

export async function readStoredDocument<Value>(
  table: Table,
  key: DocumentKey,
): Promise<Value | undefined> {
  const item = await getItem(table, keyOf(key));
  return item && readDocument<Value>(table, fieldsOf<StoredDocument>(item));
}

function keyOf({ id, name }: DocumentKey): Key {
  return { pk: joinKey("PROMO", id), sk: name };
}
