import { unheardTries, type Approval, type MessageRef } from "../../domain/approval.ts";
import { isFailure, type Ending, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { combineFailures } from "../concurrency/combine-failures.ts";
import { ignoreRefusal } from "../question/ignore-refusal.ts";
import { questionMessages, closeOutdatedQuestion } from "../question/question-messages.ts";
import type { StepResult } from "../step/step-result.ts";
import { outerStep } from "../step/step.ts";

export const announceNeeds = [
  "promotions.read",
  "promotions.readPlan",
  "promotions.markAnnounced",
  "approvals.read",
  "messenger.find",
  "messenger.close",
  "messenger.reply",
  "bus.publish",
  "openWork.remove",
] as const satisfies readonly Need[];
export type AnnouncePorts = PortsFor<typeof announceNeeds>;

/**
 * A function that was asking when its promotion ended may still post for this long: no function
 * runs longer.
 */
const maxAskingTime = 5 * 60_000;

/**
 * Announces the ending on the bus and to the approvers; `reconcile` repeats what is not marked as
 * announced. Where a question may still be posted afterwards, the promotion stays open work, and
 * `reconcile` removes the late buttons.
 */
export const announce = outerStep({
  name: "Announce",
  needs: announceNeeds,
  async run({ promotion: id }, ports): Promise<StepResult<Ending>> {
    const promotion = await ports.promotions.read(id);
    if (!promotion?.ending) {
      return { outcome: "Failed", reasons: ["there is nothing to announce yet"] };
    }
    const { ending } = promotion;
    const mayFollow = await announceOrCleanUp({ ...promotion, ending }, ports);
    if (!mayFollow) await ports.openWork.remove(promotion.application, { kind: "promotion", id });
    return { outcome: ending, reasons: [] };
  },
});

interface ClosedPromotion extends Promotion {
  readonly ending: Ending;
}

/** Gives whether unrecorded messages may follow. */
async function announceOrCleanUp(
  promotion: ClosedPromotion,
  ports: AnnouncePorts,
): Promise<boolean> {
  const { announced, rounds, closedAt = 0 } = promotion;
  const mayBeLate = ports.clock.now() < closedAt + maxAskingTime;
  if (!announced) return (await announceEnding(promotion, ports)) && mayBeLate;
  if (mayBeLate) return rounds.length > 0;
  await editMessages(promotion, ports);
  return false;
}

/**
 * Both at once, so that neither a failing bus nor a failing messenger delays the other. Both may be
 * repeated: consumers of the bus go by the promotion, and editing a message twice changes nothing.
 */
async function announceEnding(promotion: ClosedPromotion, ports: AnnouncePorts): Promise<boolean> {
  const [published, edited] = await Promise.allSettled([
    publish(promotion, ports.bus),
    editMessages(promotion, ports),
  ]);
  const failures = [published, edited].flatMap((one): readonly unknown[] =>
    one.status === "rejected" ? [one.reason] : [],
  );
  if (published.status === "rejected" || edited.status === "rejected") {
    throw combineFailures(failures, "the announcement failed");
  }
  const first = await ports.promotions.markAnnounced(promotion.id);
  const { message, mayFollow } = edited.value;
  if (first && message && promotion.ending !== "Rejected") await reply(message, promotion, ports);
  return mayFollow;
}

async function publish(promotion: ClosedPromotion, bus: AnnouncePorts["bus"]): Promise<void> {
  const { id, application, environment, version, ending, reasons } = promotion;
  const { set = "", requester = "unknown", back } = promotion;
  await bus.publish("Promotion Ended", {
    promotion: id,
    application,
    environment,
    version,
    set,
    ending,
    failed: isFailure(ending),
    reasons,
    requester,
    ...(back ? { back } : {}),
  });
}

interface EditedMessages {
  /** The recorded one, or else the oldest. */
  readonly message: MessageRef | undefined;
  /** A try to post a question is under way, or has died; it cannot be known which. */
  readonly mayFollow: boolean;
}

/** Every message about the newest plan, if there was a question, and late ones about earlier plans. */
async function editMessages(
  promotion: ClosedPromotion,
  ports: AnnouncePorts,
): Promise<EditedMessages> {
  const questions = await Promise.all(
    promotion.rounds.map((hash) => ports.approvals.read(promotion.id, hash)),
  );
  const mayFollow = questions.some((question) => !question || unheardTries(question) > 0);
  for (const outdated of questions.slice(0, -1)) {
    if (outdated) await closeOutdatedQuestion(outdated, promotion, ports);
  }
  const approval = questions.at(-1);
  const messages = approval ? await questionMessages(approval, promotion, ports) : [];
  for (const message of messages) {
    if (approval) {
      await close({ message, approval }, promotion, ports).catch(ignoreRefusal);
    }
  }
  return { message: messages[0], mayFollow };
}

async function close(
  {
    message,
    approval: { hash, votes },
  }: { readonly message: MessageRef; readonly approval: Approval },
  promotion: ClosedPromotion,
  { promotions, messenger }: AnnouncePorts,
): Promise<void> {
  const stored = await promotions.readPlan(promotion.id, hash);
  await messenger.close(message, {
    promotion,
    ending: promotion.ending,
    reasons: promotion.reasons,
    decidedBy: votes.at(-1)?.user,
    plan: stored?.plan,
  });
}

/**
 * A messenger may send no notification for an edited message, but it does for a reply. The edited
 * message is what counts, so the reply comes after the mark, once the bus has the event too, and is
 * best effort: rather none than two. Whoever rejects needs none.
 */
async function reply(
  message: MessageRef,
  { application, version, environment, ending, reasons }: ClosedPromotion,
  { messenger }: AnnouncePorts,
): Promise<void> {
  const text = [`${ending}: ${application} ${version} to ${environment}`, ...reasons].join("\n");
  await messenger.reply(message, text).catch(() => undefined);
}
