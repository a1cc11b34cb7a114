import { decideApproval, type Approval } from "../domain/approval.ts";
import type { Lock } from "../domain/lock.ts";
import type { Promotion } from "../domain/promotion.ts";

/** Whether what a sleeping promotion waits for stands in the table already; asked by the await itself and by `reconcile`. */
export function factsHaveMoved({ nudgedAt, verifiedAt }: Pick<Promotion, "nudgedAt" | "verifiedAt">): boolean {
  return nudgedAt !== undefined && verifiedAt !== undefined && nudgedAt >= verifiedAt;
}

export function turnHasCome({ id }: Pick<Promotion, "id">, { owner, next }: Lock): boolean {
  return owner?.promotion === id || next?.promotion !== id || owner === undefined;
}

export function voteIsDecided(approval: Approval | undefined, now: number): boolean {
  return approval !== undefined && decideApproval(approval, now) !== "pending" && decideApproval(approval, now) !== "posting";
}
