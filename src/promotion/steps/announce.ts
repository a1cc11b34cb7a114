import { unheardTries, type Approval, type MessageRef } from "../../domain/approval.ts";
import { isFailure, type Ending, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { questionMessages, closeOutdatedQuestion } from "../question/question-messages.ts";
import { combineFailures } from "../record/combine-failures.ts";
import { ignoreRefusal } from "../record/ignore-refusal.ts";
import type { StepResult } from "../record/step-result.ts";
import { outerStep } from "../record/step.ts";

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
 * A function that had begun to ask when its promotion ended may post for so long: no function is
 * later than that.
 */
const maxAskingTime = 5 * 60_000;

/**
 * Tells the bus and the people how it ended; what is not marked as announced is told again by
 * `reconcile`. Where a question may still be posted afterwards it stays open work, and `reconcile`
 * takes the buttons off that came too late.
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
    const mayFollow = await tellOrLookAgain(promotion, ending, ports);
    if (!mayFollow) await ports.openWork.remove(promotion.application, { kind: "promotion", id });
    return { outcome: ending, reasons: [] };
  },
});

/** Gives whether messages may follow that nobody has seen. */
async function tellOrLookAgain(
  promotion: Promotion,
  ending: Ending,
  ports: AnnouncePorts,
): Promise<boolean> {
  const { announced, rounds, closedAt = 0 } = promotion;
  const mayBeLate = ports.clock.now() < closedAt + maxAskingTime;
  if (!announced) return (await tell(promotion, ending, ports)) && mayBeLate;
  if (mayBeLate) return rounds.length > 0;
  await editMessages(promotion, ending, ports);
  return false;
}

/**
 * Both at once, so that a bus that takes nothing keeps nobody in Slack waiting, nor the other way
 * round. Both may be repeated: readers of the bus go by the promotion, and a message that is edited
 * twice is the same.
 */
async function tell(promotion: Promotion, ending: Ending, ports: AnnouncePorts): Promise<boolean> {
  const [published, edited] = await Promise.allSettled([
    publish(promotion, ending, ports.bus),
    editMessages(promotion, ending, ports),
  ]);
  const failures = [published, edited].flatMap((one): readonly unknown[] =>
    one.status === "rejected" ? [one.reason] : [],
  );
  if (published.status === "rejected" || edited.status === "rejected") {
    throw combineFailures(failures, "the announcement failed");
  }
  const first = await ports.promotions.markAnnounced(promotion.id);
  const { message, mayFollow } = edited.value;
  if (first && message && ending !== "Rejected") await reply(message, { promotion, ending }, ports);
  return mayFollow;
}

async function publish(
  { id, application, environment, version, set = "", reasons, requester = "unknown" }: Promotion,
  ending: Ending,
  bus: AnnouncePorts["bus"],
): Promise<void> {
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
  });
}

interface Edited {
  /** The recorded one, or else the oldest. */
  readonly message: MessageRef | undefined;
  /** A try to post a question is under way, or has died; nobody can tell which. */
  readonly mayFollow: boolean;
}

/** Every message about the newest plan, if people were asked, and what came late about those before. */
async function editMessages(
  promotion: Promotion,
  ending: Ending,
  ports: AnnouncePorts,
): Promise<Edited> {
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
    if (approval) await close({ promotion, ending, message, approval }, ports).catch(ignoreRefusal);
  }
  return { message: messages[0], mayFollow };
}

interface Closing {
  readonly promotion: Promotion;
  readonly ending: Ending;
  readonly message: MessageRef;
  readonly approval: Approval;
}

async function close(
  { promotion, ending, message, approval: { hash, votes } }: Closing,
  { promotions, messenger }: AnnouncePorts,
): Promise<void> {
  const stored = await promotions.readPlan(promotion.id, hash);
  await messenger.close(message, {
    promotion,
    ending,
    reasons: promotion.reasons,
    decidedBy: votes.at(-1)?.user,
    plan: stored?.plan,
  });
}

/**
 * Slack notifies nobody of an edited message, but those who took part of a reply. The edited
 * message is what counts, so this comes after the mark, once the bus has taken the event too, and
 * is best effort: no reply rather than two, and none by whoever comes second. Who rejects knows
 * it.
 */
async function reply(
  message: MessageRef,
  { promotion, ending }: { readonly promotion: Promotion; readonly ending: Ending },
  { messenger }: AnnouncePorts,
): Promise<void> {
  const { application, version, environment, reasons } = promotion;
  const text = [`${ending}: ${application} ${version} to ${environment}`, ...reasons].join("\n");
  await messenger.reply(message, text).catch(() => undefined);
}
