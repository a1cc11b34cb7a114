import { decideApproval as decide, type Approval } from "../domain/approval.ts";
import { PromoterError } from "../domain/errors.ts";
import { formatTime } from "../domain/format-time.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Clock } from "../ports/clock.ts";
import type { Promotions } from "../ports/promotions.ts";
import { changeApproval } from "./change-approval.ts";
import { resolvedPromotion, stopped } from "./open-promotion.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "./step-result.ts";
import { supersededByRebuild, type SupersededPorts } from "./superseded-by-rebuild.ts";

export interface DecideApprovalPorts extends SupersededPorts {
  readonly promotions: Promotions;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

/** Moves the question from pending to its final state by one conditional write: a click and the time-out cannot both win. */
export async function decideApproval({ promotion: id }: StepInput, ports: DecideApprovalPorts): Promise<StepResult<"approved" | "pending" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion);
  if (stop) return conclude(ports.promotions, promotion, stop);
  const now = ports.clock.now();
  const approval = await changeApproval(ports.approvals, { promotion: id, hash: promotion.plan ?? "" }, (current) => current && decided(current, now));
  if (!approval) throw new PromoterError("NotFound", `promotion ${id} asked nobody about its plan`);
  const voters = approval.votes.map(({ user, choice }) => `${user} ${choice === "approve" ? "approved" : "rejected"}`);
  const superseded = approval.state === "rejected" || approval.state === "expired" ? undefined : await supersededByRebuild(promotion, ports);
  if (superseded) return conclude(ports.promotions, promotion, superseded);
  switch (approval.state) {
    case "approved": return approve(approval, voters, ports);
    case "rejected": return conclude(ports.promotions, promotion, { ending: "Rejected", reasons: voters });
    case "expired": return conclude(ports.promotions, promotion, { ending: "Expired", reasons: [`nobody decided before ${formatTime(approval.deadline)}`] });
    case "posting":
    case "pending": return { outcome: "pending", reasons: ["not decided yet"], seconds: secondsUntil(approval.deadline, now) };
    default: return approval.state satisfies never;
  }
}

async function approve({ promotion, votes }: Approval, reasons: readonly string[], { promotions }: DecideApprovalPorts): Promise<StepResult<"approved">> {
  const user = votes.findLast(({ choice }) => choice === "approve")?.user;
  if (user !== undefined) await promotions.update(promotion, { approvedBy: user });
  return { outcome: "approved", reasons };
}

function decided(approval: Approval, now: number): Approval | undefined {
  const state = decide(approval, now);
  return state === approval.state || state === "pending" ? undefined : { ...approval, state, revision: approval.revision + 1 };
}
