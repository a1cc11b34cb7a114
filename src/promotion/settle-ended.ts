import type { Promotion, PromotionId } from "../domain/promotion.ts";
import { closePromotion, type ClosePromotionPorts } from "./close-promotion.ts";

/**
 * Closes a promotion whose execution ended without passing `ClosePromotion` (aborted, timed out, or a failure that no Catch sees).
 * Before writing that is `Cancelled` if somebody aborted it, else `Failed`. `open`: it still runs.
 */
export async function settleEnded(id: PromotionId, ports: ClosePromotionPorts): Promise<"open" | "closed" | "unknown"> {
  const promotion = await ports.promotions.read(id);
  if (!promotion) return "unknown";
  const status = promotion.ending ? "succeeded" : await ports.workflow.status(id);
  if (status === "running") return "open";
  await conclude(promotion, status ?? "lost", ports);
  await closePromotion({ promotion: id }, ports);
  return "closed";
}

async function conclude(promotion: Promotion, status: string, { promotions, environments }: ClosePromotionPorts): Promise<void> {
  if (promotion.ending || promotion.conclusion) return;
  const { owner } = await environments.readLock(promotion);
  const writing = owner?.promotion === promotion.id && owner.phase !== "waiting";
  const ending = status === "aborted" && !writing ? "Cancelled" : "Failed";
  await promotions.update(promotion.id, { conclusion: { ending, reasons: [`its execution ended as ${status}${writing ? " while it was writing" : ""}`] } });
}
