import {
  eligibleVoters,
  isApproved,
  unheardTries,
  type Approval,
  type Voting,
} from "../../domain/approval.ts";
import type { ApprovalPolicy } from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import { formatTime } from "../../domain/format-time.ts";
import { maxQuestions } from "../../domain/max-waits.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changeApproval } from "../question/change-approval.ts";
import { currentVoting } from "../question/current-voting.ts";
import { postQuestion, postQuestionNeeds } from "../question/post-question.ts";
import { closeOutdatedQuestion } from "../question/question-messages.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { rebuildConclusion, rebuildConclusionNeeds } from "../release/rebuild-conclusion.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, endAs, go, step } from "../step/step.ts";

const needs = [
  ...rebuildConclusionNeeds,
  ...postQuestionNeeds,
  "promotions.update",
  "messenger.reply",
] as const satisfies readonly Need[];
type RequestApprovalPorts = PortsFor<typeof needs>;

/**
 * Asks people about exactly the newest plan: stores the question first, then posts it, so that no
 * message is posted twice.
 */
export const requestApproval = step({
  name: "RequestApproval",
  needs,
  async run(promotion, ports) {
    const superseded = await rebuildConclusion(promotion, ports);
    if (superseded) return endAs(superseded);
    const current = await currentVoting(promotion, ports.configurations);
    if (current.kind === "impossible") return endAs(current.conclusion);
    const { plan: hash, rounds } = promotion;
    if (current.kind === "not-required" || hash === undefined) {
      throw new PromoterError("NotAllowed", `promotion ${promotion.id} has nothing to ask about`);
    }
    if (!rounds.includes(hash) && rounds.length >= maxQuestions) {
      const why = `the plan changed again after ${maxQuestions} questions; find out what keeps changing it`;
      return end("Refused", [why]);
    }
    const { voting, policy } = current;
    await startRound(promotion, hash, ports);
    const approval = await openQuestion(promotion, { hash, policy, voting }, ports);
    if (approval.state === "posting") {
      await postQuestion(
        { promotion, approval, channel: approval.channel ?? policy.channel },
        ports,
      );
    }
    const voters = eligibleVoters(voting).join(", ");
    return go("asked", {
      seconds: secondsUntil(approval.deadline, ports.clock.now()),
      reasons: [`asked ${voters} in ${policy.channel}, until ${formatTime(approval.deadline)}`],
    });
  },
});

/**
 * Removes the buttons of the previous round; from then on only this hash can be voted on. In this
 * order, so that a try that dies in between leaves no buttons. Where the messenger refuses (an
 * archived channel), they stay, and clicks on them do not count.
 */
async function startRound(
  promotion: ResolvedPromotion,
  hash: string,
  ports: RequestApprovalPorts,
): Promise<void> {
  const earlier = promotion.rounds.at(-1);
  if (earlier === hash) return;
  const outdated =
    earlier === undefined ? undefined : await ports.approvals.read(promotion.id, earlier);
  if (outdated) await closeOutdatedQuestion(outdated, promotion, ports);
  await ports.promotions.update(promotion.id, {
    rounds: [...promotion.rounds.filter((round) => round !== hash), hash],
  });
}

interface Ballot {
  readonly hash: string;
  readonly policy: ApprovalPolicy;
  readonly voting: Voting;
}

/** Writes down that the question is about to be posted, before it is. */
async function openQuestion(
  promotion: ResolvedPromotion,
  { hash, policy, voting }: Ballot,
  ports: RequestApprovalPorts,
): Promise<Approval> {
  const now = ports.clock.now();
  const deadline = now + policy.expires;
  const fresh: Approval = {
    promotion: promotion.id,
    hash,
    revision: 1,
    state: "posting",
    deadline,
    ...voting,
    message: undefined,
    channel: policy.channel,
    askedAt: now,
    unheard: 1,
    votes: [],
  };
  let reopened: Approval | undefined;
  const stored = await changeApproval(ports.approvals, fresh, (approval) => {
    reopened = approval && reopen(approval, { ...voting, deadline });
    return approval ? (reopened ?? withAnotherTry(approval)) : fresh;
  });
  if (reopened && stored === reopened) await notifyVoters(reopened, ports);
  return stored ?? fresh;
}

function withAnotherTry(approval: Approval): Approval | undefined {
  return approval.state === "posting"
    ? { ...approval, unheard: unheardTries(approval) + 1, revision: approval.revision + 1 }
    : undefined;
}

/** Its approvers may no longer approve: the same message asks those who may. */
function reopen(
  approval: Approval,
  now: Voting & Pick<Approval, "deadline">,
): Approval | undefined {
  if (approval.state !== "approved" || isApproved(approval, now)) return undefined;
  return {
    ...approval,
    ...now,
    state: approval.message ? "pending" : "posting",
    revision: approval.revision + 1,
  };
}

/** Best effort, as every reply: the message still has its buttons. */
async function notifyVoters(
  { message, ...voting }: Approval,
  { messenger }: RequestApprovalPorts,
): Promise<void> {
  const voters = eligibleVoters(voting)
    .map((user) => `<@${user}>`)
    .join(" ");
  if (message) {
    const why = "promoter.yml now has other approvers, so the approval no longer counts";
    await messenger.reply(message, `${why}. Approvers: ${voters}`).catch(() => undefined);
  }
}
