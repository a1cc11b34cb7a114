import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Attributes } from "./message-digest.ts";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly sentAt: number;
  /** A received message stays, hidden until then, in case its consumer dies. */
  readonly visibleAt: number;
  readonly receipt: string | undefined;
  readonly receives: number;
}

/** The messages of one standard queue, oldest first. */
export interface MessageStore {
  put(body: string, attributes: Attributes): Message;
  receive(most: number, hideForMs: number): readonly Message[];
  /** A receipt that is no longer the latest deletes nothing, as on a standard queue it may. */
  remove(receipt: string): void;
  all(): readonly Message[];
}

export function createMessageStore(clock: Clock): MessageStore {
  const messages = new Map<string, Message>();

  function hide(message: Message, hideForMs: number): Message {
    const received = {
      ...message,
      receipt: randomUUID(),
      receives: message.receives + 1,
      visibleAt: clock.now() + hideForMs,
    };
    messages.set(message.id, received);
    return received;
  }

  return {
    put(body, attributes) {
      const now = clock.now();
      const message = {
        id: randomUUID(),
        body,
        attributes,
        sentAt: now,
        visibleAt: now,
        receipt: undefined,
        receives: 0,
      };
      messages.set(message.id, message);
      return message;
    },
    receive(most, hideForMs) {
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= clock.now());
      return visible.slice(0, most).map((message) => hide(message, hideForMs));
    },
    remove(receipt) {
      const found = [...messages.values()].find((message) => message.receipt === receipt);
      if (found) messages.delete(found.id);
    },
    all: () => [...messages.values()],
  };
}
