import type { Clock } from "../clock.ts";
import { isObject, listAt, type JsonObject, type Json, textAt } from "../json-value.ts";

export interface SlackUser {
  readonly id: string;
  readonly name: string;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  /** The app has not been invited: it can neither post nor read. */
  readonly isForeign?: boolean;
}

/** A message as `conversations.history` shows it; whom an ephemeral one is for. */
export interface SlackMessage {
  readonly ts: string;
  readonly body: JsonObject;
  readonly threadTs: string | undefined;
  readonly onlyFor: string | undefined;
}

export interface NewMessage {
  readonly channel: string;
  readonly body: JsonObject;
  readonly threadTs?: string | undefined;
  readonly onlyFor?: string | undefined;
}

export interface MessageStore {
  /** Oldest first, ephemeral ones and replies included. */
  of(channel: string): readonly SlackMessage[];
  find(channel: string, ts: string): SlackMessage | undefined;
  add(message: NewMessage): SlackMessage;
  replace(channel: string, ts: string, body: JsonObject): SlackMessage;
  remove(channel: string, ts: string): void;
  /** Grows with every change. */
  version(): number;
}

export function createMessageStore(clock: Clock): MessageStore {
  const channels = new Map<string, readonly SlackMessage[]>();
  let version = 0;
  let counter = 0;
  const of = (channel: string): readonly SlackMessage[] => channels.get(channel) ?? [];
  const set = (channel: string, messages: readonly SlackMessage[]): void => {
    version++;
    channels.set(channel, messages);
  };
  return {
    of,
    find: (channel, ts) => of(channel).find((message) => message.ts === ts),
    add({ channel, body, threadTs, onlyFor }) {
      // Seconds and six digits that make it unique: the identity of a message in its channel.
      const ts = `${Math.floor(clock.now() / 1000)}.${String(++counter).padStart(6, "0")}`;
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      const message = { ts, body: { type: "message", ...body, ts, ...thread }, threadTs, onlyFor };
      set(channel, [...of(channel), message]);
      return message;
    },
    replace(channel, ts, body) {
      const next = of(channel).map((message) =>
        message.ts === ts ? { ...message, body } : message,
      );
      set(channel, next);
      return (
        next.find((message) => message.ts === ts) ?? {
          ts,
          body,
          threadTs: undefined,
          onlyFor: undefined,
        }
      );
    },
    remove: (channel, ts) =>
      set(
        channel,
        of(channel).filter((message) => message.ts !== ts),
      ),
    version: () => version,
  };
}

/** Slack names what its author left without a name: every block, every element that acts. */
export function withIds(blocks: readonly Json[]): readonly Json[] {
  return blocks.map((block, index) => {
    if (!isObject(block)) return block;
    const named = { ...block, block_id: textAt(block, "block_id") || `block${index}` };
    if (!Array.isArray(block["elements"]) || textAt(block, "type") !== "actions") return named;
    return {
      ...named,
      elements: listAt(block, "elements").map((element, place) =>
        isObject(element)
          ? { ...element, action_id: textAt(element, "action_id") || `action${place}` }
          : element,
      ),
    };
  });
}
