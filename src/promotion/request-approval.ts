import { eligibleVoters, unheardOf, type Approval } from "../domain/approval.ts";
import type { ApprovalPolicy } from "../domain/configuration.ts";
import { PromoterError } from "../domain/errors.ts";
import { formatTime } from "../domain/format-time.ts";
import { mostQuestions } from "../domain/longest-waits.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Clock } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Promotions } from "../ports/promotions.ts";
import { changeApproval } from "./change-approval.ts";
import { environmentOf } from "./environment-of.ts";
import { resolvedPromotion, stopped, type ResolvedPromotion } from "./open-promotion.ts";
import { planChanged, postQuestion } from "./post-question.ts";
import { questionMessages, takeAway } from "./question-messages.ts";
import { conclude, secondsUntil, type StepInput, type StepResult } from "./step-result.ts";
import { supersededByRebuild, type SupersededPorts } from "./superseded-by-rebuild.ts";

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
  if (asked.state === "posting") await postQuestion({ promotion, approval: asked, channel: asked.channel ?? policy.channel }, ports);
  return { outcome: "asked", seconds: secondsUntil(asked.deadline, ports.clock.now()), reasons: [`asked ${voters.join(", ")} in ${policy.channel}, until ${formatTime(asked.deadline)}`] };
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
  if (outdated) await takeAway(await questionMessages(outdated, promotion, ports), { promotion, ...planChanged }, ports);
  await ports.promotions.update(promotion.id, { rounds: [...promotion.rounds.filter((round) => round !== hash), hash] });
}

interface Asking {
  readonly promotion: ResolvedPromotion;
  readonly hash: string;
  readonly policy: ApprovalPolicy;
}

/** Writes down that somebody is about to post it, before anybody does. */
async function openQuestion({ promotion, hash, policy }: Asking, { approvals, clock }: RequestApprovalPorts): Promise<Approval> {
  const now = clock.now();
  const fresh: Approval = {
    promotion: promotion.id, hash, revision: 1, state: "posting", deadline: now + policy.expires, approvers: policy.approvers, required: policy.required,
    barred: barredBy(policy, promotion), message: undefined, channel: policy.channel, askedAt: now, unheard: 1, votes: [],
  };
  const stored = await changeApproval(approvals, fresh, (approval) => (approval ? onceMore(approval) : fresh));
  return stored ?? fresh;
}

function onceMore(approval: Approval): Approval | undefined {
  return approval.state === "posting" ? { ...approval, unheard: unheardOf(approval) + 1, revision: approval.revision + 1 } : undefined;
}
