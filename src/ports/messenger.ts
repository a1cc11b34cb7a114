import type { MessageRef } from "../domain/approval.ts";
import type { Announcement, Question } from "../domain/message.ts";
import type { PromotionId } from "../domain/promotion.ts";

/** Where people are asked and told. Throws `MessengerUnavailable` (try later) or `MessengerRefused`. */
export interface Messenger {
  /**
   * Posts the question with buttons that carry promotion id and hash. Whoever may have posted it
   * already looks for it first.
   */
  ask(question: Question): Promise<MessageRef>;
  /** The messages of a question, oldest first: one each time that it was posted. */
  find(question: SoughtQuestion): Promise<readonly MessageRef[]>;
  /** Replaces the message by how it ended: no buttons any more. A message that is gone is fine. */
  close(message: MessageRef, announcement: Announcement): Promise<void>;
  /** A reply in the thread of a message. */
  reply(message: MessageRef, text: string): Promise<void>;
  /**
   * Tells a person what became of their answer, at the address that came with it. Best effort:
   * never throws.
   */
  answerClick(address: string, text: string): Promise<void>;
}

export interface SoughtQuestion extends Pick<Question, "channel" | "hash"> {
  readonly promotion: { readonly id: PromotionId };
  /** Epoch milliseconds: it was posted within a day from then on. */
  readonly askedAt: number;
}
