import type { Approval, MessageRef } from "../domain/approval.ts";
import { isFailure, type Ending, type Promotion } from "../domain/promotion.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { EventBus } from "../ports/event-bus.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { OpenWork } from "../ports/open-work.ts";
import type { Promotions } from "../ports/promotions.ts";
import { questionMessages } from "./question-messages.ts";
import type { StepInput, StepResult } from "./step-result.ts";
import { together } from "./together.ts";
import { unlessRefused } from "./unless-refused.ts";

export interface AnnouncePorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly approvals: Pick<Approvals, "read">;
  readonly messenger: Pick<Messenger, "find" | "close" | "reply">;
  readonly bus: EventBus;
  readonly openWork: OpenWork;
}

/** Tells the bus and the people how it ended; what is not marked as announced is told again by `reconcile`. */
export async function announce({ promotion: id }: StepInput, ports: AnnouncePorts): Promise<StepResult<Ending>> {
  const promotion = await ports.promotions.read(id);
  if (!promotion?.ending) return { outcome: "Failed", reasons: ["there is nothing to announce yet"] };
  const { ending } = promotion;
  if (!promotion.announced) await tell(promotion, ending, ports);
  await ports.openWork.remove(promotion.application, { kind: "promotion", id });
  return { outcome: ending, reasons: [] };
}

/**
 * Both at once, so that a bus that takes nothing keeps nobody in Slack waiting, nor the other way round. Both may be repeated: readers of
 * the bus go by the promotion, and a message that is edited twice is the same.
 */
async function tell(promotion: Promotion, ending: Ending, ports: AnnouncePorts): Promise<void> {
  const [published, edited] = await Promise.allSettled([publish(promotion, ending, ports.bus), editMessage(promotion, ending, ports)]);
  const failures = [published, edited].flatMap((one): readonly unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (published.status === "rejected" || edited.status === "rejected") throw together(failures, "nobody could be told");
  const first = await ports.promotions.markAnnounced(promotion.id);
  if (first && edited.value && ending !== "Rejected") await reply(edited.value, { promotion, ending }, ports);
}

async function publish({ id, application, environment, version, set = "", reasons, requester = "unknown" }: Promotion, ending: Ending, bus: EventBus): Promise<void> {
  await bus.publish("Promotion Ended", { promotion: id, application, environment, version, set, ending, failed: isFailure(ending), reasons, requester });
}

/** Every message about the newest plan, if people were asked; gives the one that was recorded. */
async function editMessage(promotion: Promotion, ending: Ending, ports: AnnouncePorts): Promise<MessageRef | undefined> {
  const hash = promotion.rounds.at(-1);
  const approval = hash === undefined ? undefined : await ports.approvals.read(promotion.id, hash);
  if (!approval) return undefined;
  const messages = await questionMessages(approval, promotion, ports);
  for (const message of messages) await close({ promotion, ending, message, approval }, ports).catch(unlessRefused);
  return messages[0];
}

interface Closing {
  readonly promotion: Promotion;
  readonly ending: Ending;
  readonly message: MessageRef;
  readonly approval: Approval;
}

async function close({ promotion, ending, message, approval: { hash, votes } }: Closing, { promotions, messenger }: AnnouncePorts): Promise<void> {
  const stored = await promotions.readPlan(promotion.id, hash);
  await messenger.close(message, { promotion, ending, reasons: promotion.reasons, decidedBy: votes.at(-1)?.user, plan: stored?.plan });
}

/**
 * Slack notifies nobody of an edited message, but those who took part of a reply. The edited message is what counts, so this comes after the
 * mark, once the bus has taken the event too, and is best effort: no reply rather than two, and none by whoever comes second. Who rejects knows it.
 */
async function reply(message: MessageRef, { promotion, ending }: { readonly promotion: Promotion; readonly ending: Ending }, { messenger }: AnnouncePorts): Promise<void> {
  const { application, version, environment, reasons } = promotion;
  const text = [`${ending}: ${application} ${version} to ${environment}`, ...reasons].join("\n");
  await messenger.reply(message, text).catch(() => undefined);
}
