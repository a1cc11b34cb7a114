import { createHash } from "node:crypto";
import { bounded } from "../../domain/bounded.ts";
import { PromoterError } from "../../domain/errors.ts";
import { chainEntry } from "../../domain/trail.ts";
import type { PromotionId } from "../../domain/promotion.ts";
import type { ChainedEntry, Trail, TrailEntry } from "../../ports/trail.ts";
import { fieldsOf, marshal, unmarshal } from "./marshal.ts";
import { keyText, putItem, queryItems, type Table } from "./table.ts";

const tries = 5;

export function dynamodbTrail(table: Table): Trail {
  return {
    append: (promotion, entry) => append(table, promotion, entry),
    read: async (promotion) => (await queryItems(table, { pk: partition(promotion), prefix: "" })).map((item) => fieldsOf<ChainedEntry>(item)),
  };
}

/** The number is the sort key, so of two writers of one number one loses, looks again and takes the next. */
async function append(table: Table, promotion: PromotionId, entry: TrailEntry): Promise<void> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const present = await readLinks(table, promotion);
    if (present.some(({ visit }) => visit === entry.visit)) return;
    const next = chainEntry(asStored(entry), present.at(-1), sha256);
    const key = { pk: partition(promotion), sk: String(next.number).padStart(8, "0") };
    const { kind } = await putItem(table, key, { fields: next, condition: "attribute_not_exists(pk)" });
    if (kind === "written") return;
  }
  throw new PromoterError("WriteContended", `appending ${entry.step} to the trail of ${promotion}: expected to win within ${tries} tries; try again later`);
}

type PresentLink = Pick<ChainedEntry, "visit" | "number" | "hash">;

async function readLinks(table: Table, promotion: PromotionId): Promise<readonly PresentLink[]> {
  const attributes = ["visit", "number", "hash", "schemaVersion"];
  const items = await queryItems(table, { pk: partition(promotion), prefix: "", attributes });
  return items.map((item) => fieldsOf<PresentLink>(item));
}

/** The hash is over what will be read back. */
function asStored<Entry extends object>(entry: Entry): Entry {
  return { ...entry, ...unmarshal(marshal(bounded(entry))) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function partition(promotion: PromotionId): string {
  return keyText("TRAIL", promotion);
}
