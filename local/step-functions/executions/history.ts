import { deflateSync, inflateSync } from "node:zlib";
import type { Clock } from "../../clock.ts";
import type { NewEvent, RecordedEvent } from "./history-event.ts";

/** "25,000 events in a single state machine execution history" (developer guide "service-quotas"). */
export const maxEvents = 25_000;

export interface History {
  readonly length: number;
  add(event: NewEvent): number;
  events(): readonly RecordedEvent[];
  /** Packs a history that gets no further events. */
  seal(): void;
}

export function createHistory(clock: Clock): History {
  let events: RecordedEvent[] = [];
  let sealed: { readonly length: number; readonly packed: Buffer } | undefined;
  return {
    get length() {
      return sealed?.length ?? events.length;
    },
    add({ type, previousEventId, details }) {
      const id = events.length + 1;
      events.push({ timestamp: clock.now(), type, id, previousEventId, details });
      return id;
    },
    events: () => (sealed ? unpack(sealed.packed) : events),
    seal() {
      sealed = { length: events.length, packed: deflateSync(JSON.stringify(events)) };
      events = [];
    },
  };
}

function unpack(packed: Buffer): readonly RecordedEvent[] {
  return JSON.parse(inflateSync(packed).toString("utf8")) as readonly RecordedEvent[];
}
