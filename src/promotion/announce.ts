import type { MessageRef } from "../domain/approval.ts";
import { isFailure, type Ending, type Promotion } from "../domain/promotion.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { EventBus } from "../ports/event-bus.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { OpenWork } from "../ports/open-work.ts";
import type { Promotions } from "../ports/promotions.ts";
import type { StepInput, StepResult } from "./step-result.ts";

export interface AnnouncePorts {
  readonly promotions: Promotions;
  readonly approvals: Pick<Approvals, "read">;
  readonly messenger: Pick<Messenger, "close" | "reply">;
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
  if (approval?.message) await ports.messenger.close(approval.message, { promotion, ending, reasons, decidedBy: approval.votes.at(-1)?.user });
  await ports.promotions.markAnnounced(id);
  if (approval?.message && ending !== "Rejected") await reply(approval.message, { promotion, ending }, ports);
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
