import { PromoterError } from "../../domain/errors.ts";
import {
  progressOrder,
  type Abort,
  type Progress,
  type Promotion,
  type PromotionId,
} from "../../domain/promotion.ts";
import type { PromotionEnd, PromotionChange } from "../../ports/promotions.ts";
import type { Update } from "./expressions.ts";
import { isAbsent, joinKey, type Key } from "./key.ts";
import { fieldsOf, type Item } from "./marshal.ts";
import { getItem, putItem, updateItem, type Table, type WriteResult } from "./table.ts";

const open = "attribute_exists(pk) AND attribute_not_exists(#ending)";

export async function readPromotion(table: Table, id: PromotionId): Promise<Promotion | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && promotionOf(item);
}

export async function insertPromotion(table: Table, promotion: Promotion): Promise<Promotion> {
  const fields = { ...promotion, progress: new Set([promotion.progress]) };
  const result = await putItem(table, keyOf(promotion.id), { fields, condition: isAbsent });
  return result.kind === "refused"
    ? existingPromotion(promotion.id, result.existing)
    : promotionOf(result.item);
}

export async function updatePromotion(
  table: Table,
  id: PromotionId,
  change: PromotionChange,
): Promise<Promotion> {
  const result = await updateItem(table, keyOf(id), { ...clauses(change), condition: open });
  if (result.kind === "written") return promotionOf(result.item);
  throw hasEnded(existingPromotion(id, result.existing));
}

function hasEnded({ id, ending }: Promotion): PromoterError {
  return new PromoterError(
    "PromotionClosed",
    `changing promotion ${id}: expected it to be open, but it has ended as ${ending}; start a new one`,
  );
}

export async function markPromotionCancelled(
  table: Table,
  id: PromotionId,
  cancel: NonNullable<Promotion["cancel"]>,
): Promise<Promotion | undefined> {
  const result = await updateItem(table, keyOf(id), {
    set: ["#cancel = if_not_exists(#cancel, :cancel)"],
    condition: open,
    values: { cancel },
  });
  return result.kind === "written" ? promotionOf(result.item) : undefined;
}

export async function markPromotionAborted(
  table: Table,
  id: PromotionId,
  abort: Abort,
): Promise<Promotion | undefined> {
  const beginnings = ["NOT contains(#progress, :rolledOut)", "NOT contains(#progress, :back)"];
  const result = await updateItem(table, keyOf(id), {
    set: ["#abort = if_not_exists(#abort, :abort)"],
    condition: [open, "attribute_not_exists(#conclusion)", ...beginnings].join(" AND "),
    values: { abort, rolledOut, back: "rolling-back" satisfies Progress },
  });
  return result.kind === "written" ? promotionOf(result.item) : undefined;
}

const rolledOut = "rolled-out" satisfies Progress;

export async function markPromotionRolledOut(table: Table, id: PromotionId): Promise<boolean> {
  const result = await updateItem(table, keyOf(id), {
    ...clauses({ progress: rolledOut }),
    condition: `${open} AND attribute_not_exists(#abort)`,
  });
  if (result.kind === "written") return true;
  const existing = existingPromotion(id, result.existing);
  if (existing.ending !== undefined) throw hasEnded(existing);
  return false;
}

export async function endPromotion(
  table: Table,
  id: PromotionId,
  closing: PromotionEnd,
): Promise<Promotion> {
  return resultingPromotion(
    id,
    await updateItem(table, keyOf(id), { ...clauses(closing), condition: open }),
  );
}

export async function markPromotionAnnounced(table: Table, id: PromotionId): Promise<boolean> {
  const condition = "attribute_exists(pk) AND #announced <> :announced";
  const result = await updateItem(table, keyOf(id), {
    set: ["#announced = :announced"],
    condition,
    values: { announced: true },
  });
  resultingPromotion(id, result);
  return result.kind === "written";
}

function resultingPromotion(id: PromotionId, result: WriteResult): Promotion {
  return result.kind === "written"
    ? promotionOf(result.item)
    : existingPromotion(id, result.existing);
}

function existingPromotion(id: PromotionId, existing: Item | undefined): Promotion {
  if (existing) return promotionOf(existing);
  throw new PromoterError(
    "NotFound",
    `changing promotion ${id}: there is no record of it; check the id`,
  );
}

/**
 * Progress is a set that only grows, read as the furthest of its members: whatever the order of the
 * writes, it never moves back.
 */
function clauses({
  progress,
  ...change
}: PromotionChange | PromotionEnd): Omit<Update, "condition"> {
  const fields = Object.entries(change);
  return {
    set: fields.filter(([, value]) => value !== undefined).map(([name]) => `#${name} = :${name}`),
    remove: fields.filter(([, value]) => value === undefined).map(([name]) => `#${name}`),
    add: progress === undefined ? [] : ["#progress :progress"],
    values: { ...change, progress: new Set([progress]) },
  };
}

function promotionOf(item: Item): Promotion {
  const { progress, ...fields } = fieldsOf<
    Omit<Promotion, "progress"> & { readonly progress: ReadonlySet<Progress> }
  >(item);
  return { ...fields, progress: progressOrder.findLast((step) => progress.has(step)) ?? "none" };
}

function keyOf(id: PromotionId): Key {
  return { pk: joinKey("PROMO", id), sk: "META" };
}
