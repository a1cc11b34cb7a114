import { eligibleVoters, type Voting } from "../../domain/approval.ts";
import type { ApprovalPolicy } from "../../domain/configuration.ts";
import type { Conclusion, Promotion } from "../../domain/promotion.ts";
import type { Configurations } from "../../ports/configurations.ts";
import { findEnvironment, environmentRemoved } from "../record/find-environment.ts";

/**
 * Whether and from whom promoter.yml, as it is now, requires an approval, whatever it said when the
 * promotion began.
 */
export type CurrentVoting =
  | { readonly kind: "required"; readonly voting: Voting; readonly policy: ApprovalPolicy }
  /** promoter.yml has no `approval` there any longer. */
  | { readonly kind: "not-required" }
  /** There are too few voters, or the environment was removed. */
  | { readonly kind: "impossible"; readonly conclusion: Conclusion };

export async function currentVoting(
  promotion: Promotion,
  configurations: Configurations,
): Promise<CurrentVoting> {
  const found = findEnvironment(await configurations.read(), promotion);
  if ("unknown" in found) return { kind: "impossible", conclusion: environmentRemoved(found) };
  const { approval: policy } = found.environment;
  if (!policy) return { kind: "not-required" };
  const voting = votingOf(policy, promotion);
  if (eligibleVoters(voting).length < voting.required) {
    return {
      kind: "impossible",
      conclusion: { ending: "Refused", reasons: [tooFewVoters(promotion, voting)] },
    };
  }
  return { kind: "required", voting, policy };
}

export function votingOf(
  { approvers, required, requester: may }: ApprovalPolicy,
  { requester }: Pick<Promotion, "requester">,
): Voting {
  return { approvers, required, barred: may === "may-not-approve" ? requester : undefined };
}

/** A question that cannot be answered would hold the environment until it expires. */
function tooFewVoters({ environment }: Promotion, voting: Voting): string {
  const { approvers, required, barred } = voting;
  const voters = eligibleVoters(voting);
  const bars =
    barred !== undefined && approvers.includes(barred)
      ? `${barred} requested it, and \`requester: may-not-approve\` bars the requester; `
      : "";
  const left = voters.length === 0 ? "no one else" : `only ${voters.join(", ")}`;
  const needed = `${environment} needs ${required} approval${required === 1 ? "" : "s"}`;
  const remedy = "Have someone else promote it, or add an approver to promoter.yml";
  return `${needed}: ${bars}${left} may vote. ${remedy}`;
}
