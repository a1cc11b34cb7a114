import { countedVotes, approvalState, type Approval, type Voting } from "../../domain/approval.ts";
import { PromoterError } from "../../domain/errors.ts";
import { formatTime } from "../../domain/format-time.ts";
import type { Approvals } from "../../ports/approvals.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { changeApproval } from "../record/change-approval.ts";
import { currentVoting } from "../record/current-voting.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "../record/open-promotion.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "../record/step-result.ts";
import { supersededByRebuild, type SupersededPorts } from "../release/superseded-by-rebuild.ts";

export interface DecideApprovalPorts extends SupersededPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

/**
 * Moves the question from pending to its final state by one conditional write: a click and the
 * time-out cannot both win. Votes of people whom promoter.yml does not name any more do not count.
 */
export async function decideApproval(
  { promotion: id }: StepInput,
  ports: DecideApprovalPorts,
): Promise<StepResult<"approved" | "pending" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion);
  if (stop) return conclude(ports.promotions, promotion, stop);
  const asked = await currentVoting(promotion, ports.configurations);
  switch (asked.kind) {
    case "impossible":
      return conclude(ports.promotions, promotion, asked.conclusion);
    case "nobody":
      return { outcome: "approved", reasons: ["promoter.yml asks nobody any more; looking again"] };
    case "ask":
      return count({ promotion, voting: asked.voting }, ports);
    default:
      return asked satisfies never;
  }
}

interface Counting {
  readonly promotion: ResolvedPromotion;
  readonly voting: Voting;
}

async function count(
  { promotion, voting }: Counting,
  ports: DecideApprovalPorts,
): Promise<StepResult<"approved" | "pending" | "close">> {
  const { id, plan: hash = "" } = promotion;
  const now = ports.clock.now();
  const approval = await changeApproval(
    ports.approvals,
    { promotion: id, hash },
    (current) => current && decided(current, now, voting),
  );
  if (!approval) throw new PromoterError("NotFound", `promotion ${id} asked nobody about its plan`);
  const voters = countedVotes(approval, voting).map(
    ({ user, choice }) => `${user} ${choice === "approve" ? "approved" : "rejected"}`,
  );
  const superseded =
    approval.state === "rejected" || approval.state === "expired"
      ? undefined
      : await supersededByRebuild(promotion, ports);
  if (superseded) return conclude(ports.promotions, promotion, superseded);
  switch (approval.state) {
    case "approved":
      return approve({ approval, voting }, voters, ports);
    case "rejected":
      return conclude(ports.promotions, promotion, { ending: "Rejected", reasons: voters });
    case "expired":
      return conclude(ports.promotions, promotion, {
        ending: "Expired",
        reasons: [`nobody decided before ${formatTime(approval.deadline)}`],
      });
    case "posting":
    case "pending":
      return {
        outcome: "pending",
        reasons: ["not decided yet"],
        seconds: secondsUntil(approval.deadline, now),
      };
    default:
      return approval.state satisfies never;
  }
}

interface Approved {
  readonly approval: Approval;
  readonly voting: Voting;
}

async function approve(
  { approval, voting }: Approved,
  reasons: readonly string[],
  { promotions }: DecideApprovalPorts,
): Promise<StepResult<"approved">> {
  const user = countedVotes(approval, voting).findLast(({ choice }) => choice === "approve")?.user;
  if (user !== undefined) await promotions.update(approval.promotion, { approvedBy: user });
  return { outcome: "approved", reasons };
}

function decided(approval: Approval, now: number, voting: Voting): Approval | undefined {
  const state = approvalState(approval, now, voting);
  return state === approval.state || state === "pending"
    ? undefined
    : { ...approval, state, revision: approval.revision + 1 };
}
