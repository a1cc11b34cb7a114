import {
  eligibleVoters,
  sameMessage,
  unheardTries,
  type Approval,
  type MessageRef,
} from "../../domain/approval.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Question } from "../../domain/message.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { changeApproval, changeApprovalNeeds } from "./change-approval.ts";
import { planChanged, postedMessages, removeButtons } from "./question-messages.ts";

export const postQuestionNeeds = [
  ...changeApprovalNeeds,
  "messenger.ask",
  "messenger.find",
  "messenger.close",
  "promotions.read",
  "promotions.readPlan",
] as const satisfies readonly Need[];
export type PostQuestionPorts = PortsFor<typeof postQuestionNeeds>;

interface QuestionToPost {
  readonly promotion: ResolvedPromotion;
  /** Counts this try among those whose message is not recorded. */
  readonly approval: Approval;
  readonly channel: string;
}

const repeatedQuestion = {
  ending: "Repeated",
  reasons: ["the same question was posted twice"],
} as const;

/**
 * Posts it, unless an earlier try has. Of several messages of one question one is recorded; a try
 * whose message is not the recorded one closes its own. Messages of tries that died are looked for
 * when the question ends.
 */
export async function postQuestion(
  question: QuestionToPost,
  ports: PostQuestionPorts,
): Promise<void> {
  const { promotion, approval } = question;
  const found = approval.revision === 1 ? [] : await postedMessages(approval, promotion, ports);
  const message = found[0] ?? (await ports.messenger.ask(await questionOf(question, ports)));
  const recorded = await changeApproval(
    ports.approvals,
    approval,
    (stored) => stored && withMessage(stored, message),
  );
  const current = recorded?.message ?? message;
  const others = [...found.slice(1), message].filter((one) => !sameMessage(one, current));
  await removeButtons(others, { promotion, ...repeatedQuestion }, ports);
  if (!sameMessage(message, current)) {
    await changeApproval(ports.approvals, approval, (stored) => stored && withTryRecorded(stored));
  }
  await closeOutdatedMessage({ promotion, hash: approval.hash, message: current }, ports);
}

async function questionOf(
  { promotion, approval, channel }: QuestionToPost,
  { promotions }: PostQuestionPorts,
): Promise<Question> {
  const stored = await promotions.readPlan(promotion.id, approval.hash);
  if (!stored) {
    throw new PromoterError(
      "NotFound",
      `the plan ${approval.hash} of ${promotion.id} is not stored`,
    );
  }
  const { plan, differences } = stored;
  const { hash, deadline, required } = approval;
  return {
    promotion,
    channel,
    hash,
    plan,
    differences,
    verdicts: promotion.verdicts ?? [],
    deadline,
    approvers: eligibleVoters(approval),
    required,
  };
}

/** A vote may have decided it already: the message was visible before it was recorded. */
function withMessage(approval: Approval, message: MessageRef): Approval | undefined {
  if (approval.message) return undefined;
  return {
    ...withTryRecorded(approval),
    message,
    state: approval.state === "posting" ? "pending" : approval.state,
  };
}

function withTryRecorded(approval: Approval): Approval {
  return {
    ...approval,
    unheard: Math.max(0, unheardTries(approval) - 1),
    revision: approval.revision + 1,
  };
}

/**
 * Its execution may have been stopped in the meantime, or another try may have continued, and
 * looked for the message too early.
 */
async function closeOutdatedMessage(
  {
    promotion,
    hash,
    message,
  }: { readonly promotion: ResolvedPromotion; readonly hash: string; readonly message: MessageRef },
  ports: PostQuestionPorts,
): Promise<void> {
  const { ending, reasons, rounds } = (await ports.promotions.read(promotion.id)) ?? promotion;
  const closing = ending ? { ending, reasons } : planChanged;
  if (ending || rounds.at(-1) !== hash) {
    await removeButtons([message], { promotion, ...closing }, ports);
  }
}
