import type { PromotionId } from "../../domain/promotion.ts";
import { readDocument, storeDocument, type Stored } from "./blob.ts";
import { fieldsOf } from "./marshal.ts";
import { getItem, keyText, putItem, type Key, type Table } from "./table.ts";

/** Sort keys of what a promotion stores whole. */
export const documentNames = {
  plan: (hash: string) => keyText("PLAN", hash),
  differences: (hash: string) => keyText("DIFFERENCES", hash),
  manifest: (digest: string) => keyText("MANIFEST", digest),
  snapshot: "SNAPSHOT",
  applied: "APPLIED",
} as const;

export interface DocumentKey {
  readonly id: PromotionId;
  readonly name: string;
}

/** false: there is one already, and it stays. */
export async function storeOnce(table: Table, key: DocumentKey, value: object): Promise<boolean> {
  const fields = await storeDocument(table, value);
  const { kind } = await putItem(table, keyOf(key), {
    fields,
    condition: "attribute_not_exists(pk)",
  });
  return kind === "written";
}

export async function replaceStored(table: Table, key: DocumentKey, value: object): Promise<void> {
  await putItem(table, keyOf(key), { fields: await storeDocument(table, value) });
}

export async function readStored<Value>(
  table: Table,
  key: DocumentKey,
): Promise<Value | undefined> {
  const item = await getItem(table, keyOf(key));
  return item && readDocument<Value>(table, fieldsOf<Stored>(item));
}

function keyOf({ id, name }: DocumentKey): Key {
  return { pk: keyText("PROMO", id), sk: name };
}
