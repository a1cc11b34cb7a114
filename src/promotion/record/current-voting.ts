import { eligibleVoters, type Voting } from "../../domain/approval.ts";
import type { ApprovalPolicy } from "../../domain/configuration.ts";
import type { Conclusion, Promotion } from "../../domain/promotion.ts";
import type { Configurations } from "../../ports/configurations.ts";
import { findEnvironment, environmentRemoved } from "./find-environment.ts";

/**
 * Who is asked about a promotion by promoter.yml as it is now, whatever it said when the promotion
 * began.
 */
export type CurrentVoting =
  | { readonly kind: "ask"; readonly voting: Voting; readonly policy: ApprovalPolicy }
  /** `approval` is gone. */
  | { readonly kind: "nobody" }
  /** Nobody could answer, or the environment is gone. */
  | { readonly kind: "impossible"; readonly conclusion: Conclusion };

export async function currentVoting(
  promotion: Promotion,
  configurations: Configurations,
): Promise<CurrentVoting> {
  const found = findEnvironment(await configurations.read(), promotion);
  if ("unknown" in found) return { kind: "impossible", conclusion: environmentRemoved(found) };
  const { approval: policy } = found.environment;
  if (!policy) return { kind: "nobody" };
  const voting = votingOf(policy, promotion);
  if (eligibleVoters(voting).length < voting.required) {
    return {
      kind: "impossible",
      conclusion: { ending: "Refused", reasons: [tooFew(promotion, voting)] },
    };
  }
  return { kind: "ask", voting, policy };
}

export function votingOf(
  { approvers, required, requester: may }: ApprovalPolicy,
  { requester }: Pick<Promotion, "requester">,
): Voting {
  return { approvers, required, barred: may === "may-not-approve" ? requester : undefined };
}

/** A question that nobody could answer would keep the environment until it expires. */
function tooFew({ environment }: Promotion, voting: Voting): string {
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
