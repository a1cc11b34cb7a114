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
import { changeApproval, changeApprovalNeeds } from "../record/change-approval.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
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

interface Posting {
  readonly promotion: ResolvedPromotion;
  /** Names this try among those of which nobody has heard. */
  readonly approval: Approval;
  readonly channel: string;
}

const askedTwice = { ending: "Repeated", reasons: ["the same question was posted twice"] } as const;

/**
 * Posts it, unless an earlier try has. Of several messages of one question one is recorded; whoever
 * finds that it is not the own one closes that. What a try left that died before, the end of the
 * question looks for.
 */
export async function postQuestion(posting: Posting, ports: PostQuestionPorts): Promise<void> {
  const { promotion, approval } = posting;
  const found = approval.revision === 1 ? [] : await postedMessages(approval, promotion, ports);
  const message = found[0] ?? (await ports.messenger.ask(await questionOf(posting, ports)));
  const recorded = await changeApproval(
    ports.approvals,
    approval,
    (current) => current && withMessage(current, message),
  );
  const asking = recorded?.message ?? message;
  const others = [...found.slice(1), message].filter((one) => !sameMessage(one, asking));
  await removeButtons(others, { promotion, ...askedTwice }, ports);
  if (!sameMessage(message, asking)) {
    await changeApproval(ports.approvals, approval, (current) => current && heard(current));
  }
  await closeUnlessAsked({ promotion, hash: approval.hash, message: asking }, ports);
}

async function questionOf(
  { promotion, approval, channel }: Posting,
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

/** A vote may have decided it already: whoever could click has seen the message. */
function withMessage(approval: Approval, message: MessageRef): Approval | undefined {
  if (approval.message) return undefined;
  return {
    ...heard(approval),
    message,
    state: approval.state === "posting" ? "pending" : approval.state,
  };
}

function heard(approval: Approval): Approval {
  return {
    ...approval,
    unheard: Math.max(0, unheardTries(approval) - 1),
    revision: approval.revision + 1,
  };
}

interface Asked {
  readonly promotion: ResolvedPromotion;
  readonly hash: string;
  readonly message: MessageRef;
}

/**
 * Its execution may have been stopped meanwhile, or another try gone on, and whoever did so may
 * have looked for the message too early.
 */
async function closeUnlessAsked(
  { promotion, hash, message }: Asked,
  ports: PostQuestionPorts,
): Promise<void> {
  const { ending, reasons, rounds } = (await ports.promotions.read(promotion.id)) ?? promotion;
  if (ending) await removeButtons([message], { promotion, ending, reasons }, ports);
  else if (rounds.at(-1) !== hash)
    await removeButtons([message], { promotion, ...planChanged }, ports);
}
