import { eligibleVoters, type Approval, type MessageRef } from "../domain/approval.ts";
import type { ApprovalPolicy } from "../domain/configuration.ts";
import { PromoterError } from "../domain/errors.ts";
import { formatTime } from "../domain/format-time.ts";
import { mostQuestions } from "../domain/longest-waits.ts";
import type { Question } from "../domain/message.ts";
import type { Plan } from "../domain/plan.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Clock } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Promotions } from "../ports/promotions.ts";
import { changeApproval } from "./change-approval.ts";
import { environmentOf } from "./environment-of.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "./open-promotion.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "./step-result.ts";
import { supersededByRebuild, type SupersededPorts } from "./superseded-by-rebuild.ts";
import { unlessRefused } from "./unless-refused.ts";

export interface RequestApprovalPorts extends SupersededPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly approvals: Approvals;
  readonly messenger: Messenger;
  readonly clock: Clock;
}

/** Asks people about exactly the newest plan: stores the question first, then posts it, so that no message is posted twice. */
export async function requestApproval({ promotion: id }: StepInput, ports: RequestApprovalPorts): Promise<StepResult<"asked" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const stop = stopped(promotion) ?? (await supersededByRebuild(promotion, ports));
  if (stop) return conclude(ports.promotions, promotion, stop);
  const { approval: policy } = environmentOf(await ports.configurations.read(), promotion).environment;
  const { plan: hash, rounds } = promotion;
  if (!policy || hash === undefined) throw new PromoterError("NotAllowed", `promotion ${id} has nothing to ask about`);
  if (!rounds.includes(hash) && rounds.length >= mostQuestions) {
    return conclude(ports.promotions, promotion, { ending: "Refused", reasons: [`the plan changed again after ${mostQuestions} questions; find out what keeps changing it`] });
  }
  const voters = eligibleVoters({ approvers: policy.approvers, barred: barredBy(policy, promotion) });
  if (voters.length < policy.required) return conclude(ports.promotions, promotion, { ending: "Refused", reasons: [tooFew({ promotion, policy, voters })] });
  await startRound({ promotion, hash }, ports);
  const asked = await openQuestion({ promotion, hash, policy }, ports);
  if (asked.approval.state === "posting") await post({ promotion, policy, ...asked }, ports);
  return { outcome: "asked", seconds: secondsUntil(asked.approval.deadline, ports.clock.now()), reasons: [`asked ${voters.join(", ")} in ${policy.channel}, until ${formatTime(asked.approval.deadline)}`] };
}

function barredBy(policy: ApprovalPolicy, { requester }: ResolvedPromotion): string | undefined {
  return policy.requester === "may-not-approve" ? requester : undefined;
}

interface TooFew {
  readonly promotion: ResolvedPromotion;
  readonly policy: ApprovalPolicy;
  readonly voters: readonly string[];
}

/** A question that nobody could answer would keep the environment until it expires. */
function tooFew({ promotion: { environment, requester }, policy: { approvers, required }, voters }: TooFew): string {
  const bars = requester !== undefined && approvers.includes(requester) ? `${requester} asked for it, and \`requester: may-not-approve\` bars whoever asks; ` : "";
  const left = voters.length === 0 ? "nobody else" : `only ${voters.join(", ")}`;
  return `${environment} needs ${required} approval${required === 1 ? "" : "s"}: ${bars}${left} may answer. Let somebody else promote it, or add an approver to promoter.yml`;
}

/**
 * The buttons of the round before are taken away; from then on only this hash can be voted on. In this order, so that a try that dies in
 * between leaves no buttons. Where Slack refuses it (the channel was archived), they stay, and a click on them counts nowhere.
 */
async function startRound({ promotion, hash }: { readonly promotion: ResolvedPromotion; readonly hash: string }, ports: RequestApprovalPorts): Promise<void> {
  const earlier = promotion.rounds.at(-1);
  if (earlier === hash) return;
  const outdated = earlier === undefined ? undefined : await ports.approvals.read(promotion.id, earlier);
  if (outdated?.message) await ports.messenger.close(outdated.message, { promotion, ending: "Outdated", reasons: ["the plan changed; a new question follows"], decidedBy: undefined, plan: undefined }).catch(unlessRefused);
  await ports.promotions.update(promotion.id, { rounds: [...promotion.rounds.filter((round) => round !== hash), hash] });
}

interface Asking {
  readonly promotion: ResolvedPromotion;
  readonly hash: string;
  readonly policy: ApprovalPolicy;
}

interface Asked {
  readonly approval: Approval;
  /** An earlier try may have posted the message and died before it wrote down where. */
  readonly mayBePosted: boolean;
}

async function openQuestion({ promotion, hash, policy }: Asking, { approvals, clock }: RequestApprovalPorts): Promise<Asked> {
  const fresh: Approval = {
    promotion: promotion.id, hash, revision: 1, state: "posting", deadline: clock.now() + policy.expires, approvers: policy.approvers, required: policy.required,
    barred: barredBy(policy, promotion), message: undefined, votes: [],
  };
  const stored = await changeApproval(approvals, fresh, (approval) => (approval ? undefined : fresh));
  return { approval: stored ?? fresh, mayBePosted: stored !== fresh };
}

interface Posting extends Asked {
  readonly promotion: ResolvedPromotion;
  readonly policy: ApprovalPolicy;
}

async function post({ promotion, approval, policy, mayBePosted }: Posting, ports: RequestApprovalPorts): Promise<void> {
  const stored = await ports.promotions.readPlan(promotion.id, approval.hash);
  if (!stored) throw new PromoterError("NotFound", `the plan ${approval.hash} of ${promotion.id} is not stored`);
  const question: Question = {
    promotion, channel: policy.channel, hash: approval.hash, plan: stored.plan, differences: stored.differences, verdicts: promotion.verdicts ?? [],
    deadline: approval.deadline, approvers: eligibleVoters(approval), required: approval.required,
  };
  const message = await ports.messenger.ask(question, { mayBePosted });
  await changeApproval(ports.approvals, approval, (current) => current && posted(current, message));
  await closeIfEnded({ promotion, message, plan: stored.plan }, ports);
}

interface Posted {
  readonly promotion: ResolvedPromotion;
  readonly message: MessageRef;
  readonly plan: Plan;
}

/** Its execution may have been stopped meanwhile, and whoever closed it may have looked for the message before it was written down. */
async function closeIfEnded({ promotion, message, plan }: Posted, { promotions, messenger }: RequestApprovalPorts): Promise<void> {
  const { ending, reasons } = (await promotions.read(promotion.id)) ?? promotion;
  if (ending) await messenger.close(message, { promotion, ending, reasons, decidedBy: undefined, plan }).catch(unlessRefused);
}

function posted(approval: Approval, message: MessageRef): Approval | undefined {
  return approval.state === "posting" ? { ...approval, state: "pending", message, revision: approval.revision + 1 } : undefined;
}
