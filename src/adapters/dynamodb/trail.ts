import { createHash } from "node:crypto";
import { bounded } from "../../domain/bounded.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { PromotionId } from "../../domain/promotion.ts";
import { chainEntry } from "../../domain/trail.ts";
import type { ChainedEntry, Trail, TrailEntry } from "../../ports/trail.ts";
import { isAbsent, joinKey } from "./key.ts";
import { fieldsOf, marshal, unmarshal } from "./marshal.ts";
import { queryItems } from "./query-items.ts";
import { putItem, type Table } from "./table.ts";

const tries = 5;

export function dynamodbTrail(table: Table): Trail {
  return {
    append: (promotion, entry, since = 0) => append(table, promotion, { entry, since }),
    read: async (promotion) =>
      (await queryItems(table, { pk: partition(promotion), prefix: "" })).map((item) =>
        fieldsOf<ChainedEntry>(item),
      ),
  };
}

/** An entry, and when its visit began. */
interface NewEntry {
  readonly entry: TrailEntry;
  readonly since: number;
}

/**
 * The number is the sort key, so of two writers of one number one loses, reads again and takes the
 * next.
 */
async function append(table: Table, promotion: PromotionId, added: NewEntry): Promise<void> {
  const { entry } = added;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { last, isThere } = await lookBack(table, promotion, added);
    if (isThere) return;
    const next = chainEntry(storedForm(entry), last, sha256);
    const key = { pk: partition(promotion), sk: sortKey(next.number) };
    const { kind } = await putItem(table, key, { fields: next, condition: isAbsent });
    if (kind === "written") return;
  }
  throw new PromoterError(
    "WriteContended",
    `appending ${entry.step} to the trail of ${promotion}: expected to succeed within ${tries} tries; try again later`,
  );
}

function sortKey(number: number): string {
  return String(number).padStart(8, "0");
}

type StoredLink = Pick<ChainedEntry, "visit" | "number" | "hash" | "at">;

/** One page is more than most promotions ever have; each further one is larger. */
const firstPage = 50;
const growth = 10;
/**
 * An entry bears the time its step began, so an earlier entry may have been appended this much
 * later: no function runs longer.
 */
const maxStepTime = 15 * 60_000;

/** From the newest back to what is older than the visit. */
async function lookBack(
  table: Table,
  promotion: PromotionId,
  { entry: { visit }, since }: NewEntry,
): Promise<{ readonly last: StoredLink | undefined; readonly isThere: boolean }> {
  let last: StoredLink | undefined;
  let after: string | undefined;
  for (let limit = firstPage; ; limit *= growth) {
    const links = await readLinks(table, promotion, { limit, after });
    last ??= links[0];
    if (links.some((link) => link.visit === visit)) return { last, isThere: true };
    const oldest = links.at(-1);
    if (!oldest || links.length < limit || oldest.at < since - maxStepTime) {
      return { last, isThere: false };
    }
    after = sortKey(oldest.number);
  }
}

/** Newest first. */
async function readLinks(
  table: Table,
  promotion: PromotionId,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<readonly StoredLink[]> {
  const attributes = ["visit", "number", "hash", "at", "schemaVersion"];
  const items = await queryItems(table, {
    pk: partition(promotion),
    prefix: "",
    attributes,
    order: "descending",
    ...page,
  });
  return items.map((item) => fieldsOf<StoredLink>(item));
}

/** The hash is over what will be read back. */
function storedForm<Entry extends object>(entry: Entry): Entry {
  return { ...entry, ...unmarshal(marshal(bounded(entry))) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function partition(promotion: PromotionId): string {
  return joinKey("TRAIL", promotion);
}
