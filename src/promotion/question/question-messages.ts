import { unheardTries, type Approval, type MessageRef } from "../../domain/approval.ts";
import type { Announcement } from "../../domain/message.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { Messenger } from "../../ports/messenger.ts";
import { findEnvironment } from "../record/find-environment.ts";
import { ignoreRefusal } from "./ignore-refusal.ts";

export interface QuestionMessagesPorts {
  readonly configurations: Configurations;
  readonly messenger: Pick<Messenger, "find">;
}

/**
 * Every message that asks the question, the recorded one first. The messenger is searched only
 * where a try may have left an unrecorded one behind. A channel that refused the question refuses
 * the search too.
 */
export async function questionMessages(
  approval: Approval,
  promotion: Promotion,
  ports: QuestionMessagesPorts,
): Promise<readonly MessageRef[]> {
  const { message } = approval;
  if (message && unheardTries(approval) === 0) return [message];
  const found = (await postedMessages(approval, promotion, ports).catch(ignoreRefusal)) ?? [];
  return message ? [message, ...found.filter(({ id }) => id !== message.id)] : found;
}

/** As the messenger has them, oldest first. */
export async function postedMessages(
  approval: Approval,
  promotion: Promotion,
  { configurations, messenger }: QuestionMessagesPorts,
): Promise<readonly MessageRef[]> {
  const {
    hash,
    deadline,
    channel = await currentChannel(promotion, configurations),
    askedAt = deadline - day,
  } = approval;
  return channel === undefined ? [] : messenger.find({ channel, promotion, hash, askedAt });
}

/** How long a question stays open by default; for questions that were stored without the time. */
const day = 24 * 60 * 60 * 1000;

async function currentChannel(
  promotion: Promotion,
  configurations: Configurations,
): Promise<string | undefined> {
  const found = findEnvironment(await configurations.read(), promotion);
  return "unknown" in found ? undefined : found.environment.approval?.channel;
}

interface CloseMessagePorts {
  readonly messenger: Pick<Messenger, "close">;
}

/**
 * Removes the buttons. Refusals of the messenger are ignored: clicks on such a message do not
 * count.
 */
export async function removeButtons(
  messages: readonly MessageRef[],
  closing: Pick<Announcement, "promotion" | "ending" | "reasons">,
  { messenger }: CloseMessagePorts,
): Promise<void> {
  for (const message of messages) {
    await messenger
      .close(message, { ...closing, decidedBy: undefined, plan: undefined })
      .catch(ignoreRefusal);
  }
}

/** Why the question about an earlier plan is closed. */
export const planChanged = {
  ending: "Outdated",
  reasons: ["the plan changed; a new question follows"],
} as const;

/** Removes the buttons from every message about an earlier plan. */
export async function closeOutdatedQuestion(
  approval: Approval,
  promotion: Promotion,
  ports: QuestionMessagesPorts & CloseMessagePorts,
): Promise<void> {
  const messages = await questionMessages(approval, promotion, ports);
  await removeButtons(messages, { promotion, ...planChanged }, ports);
}
