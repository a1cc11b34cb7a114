import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { PromoterError } from "../../domain/errors.ts";
import { joinKey } from "./key.ts";
import { fieldsOf } from "./marshal.ts";
import { queryItems } from "./query-items.ts";
import { putItem, type Table } from "./table.ts";

/**
 * A document in an item: as text, or, when that would be too big, the address of the chunks that
 * hold it compressed.
 */
export type StoredDocument =
  | { readonly document: string }
  | { readonly blob: string; readonly chunks: number };

/** An item holds at most 400 KB, its attribute names included (DynamoDB developer guide, "Quotas"). */
const chunkSize = 350 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Writes the chunks, if it takes any, before anything points at them; what to put into the item. */
export async function storeDocument(table: Table, value: unknown): Promise<StoredDocument> {
  const document = JSON.stringify(value);
  if (Buffer.byteLength(document) <= chunkSize) return { document };
  const bytes = await compress(document);
  const blob = addressOf(bytes);
  const chunks = chunksOf(bytes);
  await Promise.all(
    chunks.map((chunk, number) =>
      putItem(table, { pk: joinKey("BLOB", blob), sk: chunkName(number) }, { fields: { chunk } }),
    ),
  );
  return { blob, chunks: chunks.length };
}

/** The one place where a stored document gets its type: only we write this table. */
export async function readDocument<Value>(table: Table, stored: StoredDocument): Promise<Value> {
  return JSON.parse(
    "document" in stored ? stored.document : await readBlob(table, stored),
  ) as Value;
}

async function readBlob(
  table: Table,
  { blob, chunks }: { readonly blob: string; readonly chunks: number },
): Promise<string> {
  const items = await queryItems(table, { pk: joinKey("BLOB", blob), prefix: "" });
  const bytes = Buffer.concat(items.map((item) => fieldsOf<{ chunk: Uint8Array }>(item).chunk));
  if (addressOf(bytes) === blob) return (await decompress(bytes)).toString("utf8");
  throw new PromoterError(
    "StoreRefused",
    `reading BLOB#${blob} in table ${table.table}: expected ${chunks} chunks with this SHA-256, ` +
      `got ${items.length} with another; restore the table from a backup`,
  );
}

/**
 * Over the compressed bytes: another version of zlib gives another address, so chunks of two
 * writers never mix.
 */
function addressOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function chunksOf(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, number) =>
    bytes.subarray(number * chunkSize, (number + 1) * chunkSize),
  );
}

/** Sort keys are compared as text. */
function chunkName(number: number): string {
  return String(number).padStart(4, "0");
}
