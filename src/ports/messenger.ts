import type { MessageRef } from "../domain/approval.ts";
import type { Announcement, Question } from "../domain/message.ts";

/** Where people are asked and told. Throws `MessengerUnavailable` (try later) or `MessengerRefused`. */
export interface Messenger {
  /**
   * Posts the question with buttons that carry promotion id and hash. A message that an earlier try left behind is found by its metadata
   * and returned instead of posting twice.
   */
  ask(question: Question, options: { readonly mayBePosted: boolean }): Promise<MessageRef>;
  /** The message of a question that was posted within the last day; undefined: there is none. */
  find(question: Pick<Question, "channel" | "hash"> & { readonly promotion: Pick<Question["promotion"], "id"> }): Promise<MessageRef | undefined>;
  /** Replaces the message by how it ended: no buttons any more. A message that is gone is fine. */
  close(message: MessageRef, announcement: Announcement): Promise<void>;
  /** A reply in the thread of a message. */
  reply(message: MessageRef, text: string): Promise<void>;
  /** Tells one person, on the address that Slack sent along with a click, what became of it. Best effort: never throws. */
  answerClick(responseUrl: string, text: string): Promise<void>;
}
