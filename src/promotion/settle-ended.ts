import type { Conclusion, Promotion, PromotionId } from "../domain/promotion.ts";
import type { Trail } from "../ports/trail.ts";
import { closePromotion, type ClosePromotionPorts } from "./close-promotion.ts";

export interface SettleEndedPorts extends ClosePromotionPorts {
  readonly trail: Pick<Trail, "append">;
}

/**
 * Closes a promotion whose execution ended without passing `ClosePromotion` (aborted, timed out, or a failure that no Catch sees).
 * Before writing that is `Cancelled` if somebody aborted it, else `Failed`. `open`: it still runs.
 */
export async function settleEnded(id: PromotionId, ports: SettleEndedPorts): Promise<"open" | "closed" | "unknown"> {
  const promotion = await ports.promotions.read(id);
  if (!promotion) return "unknown";
  const status = promotion.ending ? "succeeded" : await ports.workflow.status(id);
  if (status === "running") return "open";
  await conclude(promotion, status ?? "lost", ports);
  await closePromotion({ promotion: id }, ports);
  return "closed";
}

async function conclude(promotion: Promotion, status: string, ports: SettleEndedPorts): Promise<void> {
  if (promotion.ending) return;
  const conclusion = promotion.conclusion ?? (await endingFor(promotion, status, ports));
  const entry = { visit: "ExecutionEnded", step: "OnExecutionEnded", at: ports.clock.now(), took: 0, outcome: conclusion.ending, who: "promoter" };
  await ports.trail.append(promotion.id, { ...entry, reasons: [`its execution ended as ${status}`] });
  if (!promotion.conclusion) await ports.promotions.update(promotion.id, { conclusion });
}

async function endingFor(promotion: Promotion, status: string, { environments }: SettleEndedPorts): Promise<Conclusion> {
  const { owner } = await environments.readLock(promotion);
  const writing = owner?.promotion === promotion.id && owner.phase !== "waiting";
  const ending = status === "aborted" && !writing ? "Cancelled" : "Failed";
  return { ending, reasons: [`its execution ended as ${status}${writing ? " while it was writing" : ""}`] };
}
