import { PromoterError } from "../../domain/errors.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { HistoryEntry, HistoryPage, HistoryQuery } from "../../ports/promotions.ts";
import { environmentPartition, isAbsent, joinKey } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { queryItems } from "./query-items.ts";
import { putItem, type Table } from "./table.ts";

const prefix = "PROMO#";

export async function recordPromotion(table: Table, entry: HistoryEntry): Promise<void> {
  const key = { pk: environmentPartition(entry), sk: sortKey(entry) };
  await putItem(table, key, { fields: entry, condition: isAbsent });
}

/** One entry more than requested shows whether there is another page. */
export async function readHistory(
  table: Table,
  key: EnvironmentKey,
  { limit, before, endings }: HistoryQuery,
): Promise<HistoryPage> {
  const after = before === undefined ? undefined : decodeCursor(before);
  const only = endings && { attribute: "ending", values: endings };
  const items = await queryItems(table, {
    pk: environmentPartition(key),
    prefix,
    order: "descending",
    after,
    limit: limit + 1,
    ...(only && { only }),
  });
  const entries = items.slice(0, limit).map((item) => fieldsOf<HistoryEntry>(item));
  const last = entries.at(-1);
  return {
    entries,
    before: last && items.length > limit ? encodeCursor(sortKey(last)) : undefined,
  };
}

/** ISO 8601 sorts as text and is read by people. */
function sortKey({ openedAt, id }: HistoryEntry): string {
  return joinKey("PROMO", new Date(openedAt).toISOString(), id);
}

function encodeCursor(sk: string): string {
  return Buffer.from(sk.slice(prefix.length)).toString("base64url");
}

function decodeCursor(before: string): string {
  const text = Buffer.from(before, "base64url").toString("utf8");
  if (/^[\dTZ:.+-]+#[^#]+$/.test(text)) return `${prefix}${text}`;
  throw new PromoterError(
    "InvalidInput",
    `reading the history before ${JSON.stringify(before)}: expected the cursor of a page; start without it`,
  );
}
