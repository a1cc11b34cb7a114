import type { Approval, MessageRef } from "../domain/approval.ts";
import { isFailure, type Ending, type Promotion } from "../domain/promotion.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { EventBus } from "../ports/event-bus.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { OpenWork } from "../ports/open-work.ts";
import type { Promotions } from "../ports/promotions.ts";
import { findEnvironment } from "./environment-of.ts";
import type { StepInput, StepResult } from "./step-result.ts";
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

async function tell(promotion: Promotion, ending: Ending, ports: AnnouncePorts): Promise<void> {
  const { id, application, environment, version, set, reasons, rounds, requester } = promotion;
  await ports.bus.publish("Promotion Ended", { promotion: id, application, environment, version, set: set ?? "", ending, failed: isFailure(ending), reasons, requester: requester ?? "unknown" });
  const approval = rounds.length > 0 ? await ports.approvals.read(id, rounds.at(-1) ?? "") : undefined;
  const message = approval && (approval.message ?? (await unrecordedMessage(approval, { promotion, ports }).catch(unlessRefused)));
  if (approval && message) await close({ promotion, ending, message, approval }, ports).catch(unlessRefused);
  await ports.promotions.markAnnounced(id);
  if (message && ending !== "Rejected") await reply(message, { promotion, ending }, ports);
}

/** The promotion ended between two tries to post the question: the first may have posted it without hearing so. A channel that refused the question refuses to be searched too. */
async function unrecordedMessage({ hash }: Approval, { promotion, ports }: { readonly promotion: Promotion; readonly ports: AnnouncePorts }): Promise<MessageRef | undefined> {
  const found = findEnvironment(await ports.configurations.read(), promotion);
  const channel = "unknown" in found ? undefined : found.environment.approval?.channel;
  return channel === undefined ? undefined : ports.messenger.find({ channel, promotion, hash });
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
 * mark and is best effort: no reply rather than two. Who rejects knows it.
 */
async function reply(message: MessageRef, { promotion, ending }: { readonly promotion: Promotion; readonly ending: Ending }, { messenger }: AnnouncePorts): Promise<void> {
  const { application, version, environment, reasons } = promotion;
  const text = [`${ending}: ${application} ${version} to ${environment}`, ...reasons].join("\n");
  await messenger.reply(message, text).catch(() => undefined);
}
