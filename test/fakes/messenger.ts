import type { MessageRef } from "../../src/domain/approval.ts";
import { PromoterError } from "../../src/domain/errors.ts";
import type { Announcement, Question } from "../../src/domain/message.ts";
import type { Messenger } from "../../src/ports/messenger.ts";

export interface FakeMessage {
  readonly ref: MessageRef;
  readonly question: Question;
  /** Absent while the buttons are there. */
  readonly closed: Announcement | undefined;
  readonly replies: readonly string[];
}

export interface FakeMessenger extends Messenger {
  /** In the order they were posted. */
  messages(): readonly FakeMessage[];
  /** Somebody deletes it. */
  remove(ref: MessageRef): void;
  /** What people were told about their clicks, oldest first. */
  readonly answers: readonly { readonly responseUrl: string; readonly text: string }[];
  /** The next call of that method fails with it: before it does anything, or after it has done it. */
  failNext(method: "ask" | "close" | "reply", error: Error, moment?: "before" | "after"): void;
}

export function fakeMessenger({
  channels = ["#releases"],
}: { readonly channels?: readonly string[] } = {}): FakeMessenger {
  const messages = new Map<string, FakeMessage>();
  const answers: { responseUrl: string; text: string }[] = [];
  const failures = new Map<string, Error[]>();
  let posted = 0;

  const fail = (method: string, moment: "before" | "after"): void => {
    const failure = failures.get(`${method} ${moment}`)?.shift();
    if (failure) throw failure;
  };
  const effect = <Result>(method: string, act: () => Result): Result => {
    fail(method, "before");
    const result = act();
    fail(method, "after");
    return result;
  };
  const known = (channel: string): void => {
    if (!channels.includes(channel)) {
      throw new PromoterError(
        "MessengerRefused",
        `looking for ${channel}: there is no such channel; correct it`,
      );
    }
  };
  const post = (question: Question): MessageRef => {
    known(question.channel);
    posted += 1;
    const ref = { channel: question.channel, id: `1767603600.${String(posted).padStart(6, "0")}` };
    messages.set(ref.id, { ref, question, closed: undefined, replies: [] });
    return ref;
  };
  const find = ({
    channel,
    promotion,
    hash,
  }: Parameters<Messenger["find"]>[0]): readonly MessageRef[] => {
    known(channel);
    return [...messages.values()]
      .filter(({ question }) => question.promotion.id === promotion.id && question.hash === hash)
      .map(({ ref }) => ref);
  };
  const change = ({ id }: MessageRef, update: (message: FakeMessage) => FakeMessage): void => {
    const message = messages.get(id);
    if (message) messages.set(id, update(message));
  };

  return {
    answers,
    messages: () => [...messages.values()],
    remove: ({ id }) => void messages.delete(id),
    failNext(method, error, moment = "before") {
      const key = `${method} ${moment}`;
      failures.set(key, [...(failures.get(key) ?? []), error]);
    },
    find: async (question) => find(question),
    ask: async (question) => effect("ask", () => post(question)),
    close: async (ref, announcement) =>
      effect("close", () => change(ref, (message) => ({ ...message, closed: announcement }))),
    reply: async (ref, text) =>
      effect("reply", () =>
        change(ref, (message) => ({ ...message, replies: [...message.replies, text] })),
      ),
    answerClick: async (responseUrl, text) => void answers.push({ responseUrl, text }),
  };
}
