import type { Conclusion, Promotion, PromotionId } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { isOver } from "../wait/wake-conditions.ts";
import { closeRecord, finishClosing, closeRecordNeeds } from "./close-record.ts";

export const settlePromotionNeeds = [
  ...closeRecordNeeds,
  "trail.append",
] as const satisfies readonly Need[];
export type SettlePromotionPorts = PortsFor<typeof settlePromotionNeeds>;

/**
 * Closes a promotion whose execution ended without passing `ClosePromotion` (aborted, timed out, or
 * a failure that no Catch sees). Before writing that is `Cancelled` if a person aborted it, else
 * `Failed`. `open`: it still runs. Two may do so at the same moment.
 */
export async function settlePromotion(
  id: PromotionId,
  ports: SettlePromotionPorts,
): Promise<"open" | "closed" | "unknown"> {
  const promotion = await ports.promotions.read(id);
  if (!promotion) return "unknown";
  const status = promotion.ending ? "succeeded" : await ports.workflow.status(id);
  if (!isOver(promotion, status, ports.clock.now())) return "open";
  const fallback = await endingFor(promotion, status ?? "lost", ports);
  const closed = await closeRecord(promotion, fallback, ports);
  // ClosePromotion may have closed it since it was read, and writes its own trail entry.
  if (!promotion.ending && closed.won) {
    await recordEnd(promotion.id, { status: status ?? "lost", ending: closed.ending }, ports);
  }
  await finishClosing(closed.promotion, ports);
  return "closed";
}

async function recordEnd(
  id: PromotionId,
  { status, ending }: { readonly status: string; readonly ending: string },
  { trail, clock }: SettlePromotionPorts,
): Promise<void> {
  const entry = {
    visit: "ExecutionEnded",
    step: "OnExecutionEnded",
    at: clock.now(),
    took: 0,
    outcome: ending,
    who: "promoter",
  };
  await trail.append(id, { ...entry, reasons: [`its execution ended as ${status}`] }, entry.at);
}

async function endingFor(
  promotion: Promotion,
  status: string,
  { environments }: SettlePromotionPorts,
): Promise<Conclusion> {
  const { owner } = await environments.readLock(promotion);
  const writing = owner?.promotion === promotion.id && owner.phase !== "waiting";
  const ending = status === "aborted" && !writing ? "Cancelled" : "Failed";
  return {
    ending,
    reasons: [`its execution ended as ${status}${writing ? " while it was writing" : ""}`],
  };
}
