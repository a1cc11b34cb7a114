import { countedVotes, approvalState, type Approval, type Voting } from "../../domain/approval.ts";
import { PromoterError } from "../../domain/errors.ts";
import { formatTime } from "../../domain/format-time.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changeApproval, changeApprovalNeeds } from "../question/change-approval.ts";
import { currentVoting } from "../question/current-voting.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { rebuildConclusion, rebuildConclusionNeeds } from "../release/rebuild-conclusion.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, endAs, go, step, type Decision } from "../step/step.ts";

const needs = [
  ...rebuildConclusionNeeds,
  ...changeApprovalNeeds,
] as const satisfies readonly Need[];

/**
 * Moves the question from pending to its final state by one conditional write: a click and the
 * time-out cannot both win. Votes of people whom promoter.yml no longer names do not count.
 */
export const decideApproval = step({
  name: "DecideApproval",
  needs,
  async run(promotion, ports): Promise<Decision<"approved" | "pending">> {
    const current = await currentVoting(promotion, ports.configurations);
    switch (current.kind) {
      case "impossible":
        return endAs(current.conclusion);
      case "not-required":
        return go("approved", {
          reasons: ["promoter.yml no longer requires an approval; verifying again"],
        });
      case "required":
        return countVotes(promotion, current.voting, ports);
      default:
        return current satisfies never;
    }
  },
});

async function countVotes(
  promotion: ResolvedPromotion,
  voting: Voting,
  ports: PortsFor<typeof needs>,
): Promise<Decision<"approved" | "pending">> {
  const { id, plan: hash = "" } = promotion;
  const now = ports.clock.now();
  const approval = await changeApproval(
    ports.approvals,
    { promotion: id, hash },
    (current) => current && withFinalState(current, now, voting),
  );
  if (!approval) {
    throw new PromoterError("NotFound", `promotion ${id} has no question about its plan`);
  }
  const voters = countedVotes(approval, voting).map(
    ({ user, choice }) => `${user} ${choice === "approve" ? "approved" : "rejected"}`,
  );
  const superseded =
    approval.state === "rejected" || approval.state === "expired"
      ? undefined
      : await rebuildConclusion(promotion, ports);
  if (superseded) return endAs(superseded);
  switch (approval.state) {
    case "approved":
      return go("approved", { reasons: voters, change: approvedBy(approval, voting) });
    case "rejected":
      return end("Rejected", voters);
    case "expired":
      return end("Expired", [`not decided before ${formatTime(approval.deadline)}`]);
    case "posting":
    case "pending":
      return go("pending", {
        reasons: ["not decided yet"],
        seconds: secondsUntil(approval.deadline, now),
      });
    default:
      return approval.state satisfies never;
  }
}

function approvedBy(approval: Approval, voting: Voting): { readonly approvedBy?: string } {
  const last = countedVotes(approval, voting).findLast(({ choice }) => choice === "approve");
  return last ? { approvedBy: last.user } : {};
}

function withFinalState(approval: Approval, now: number, voting: Voting): Approval | undefined {
  const state = approvalState(approval, now, voting);
  return state === approval.state || state === "pending"
    ? undefined
    : { ...approval, state, revision: approval.revision + 1 };
}
