import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";

export type EventType = HistoryEventType;

/** `stateEnteredEventDetails` and the like, as the API names them (API reference "HistoryEvent"). */
export type EventDetails = Omit<HistoryEvent, "id" | "previousEventId" | "timestamp" | "type">;

export interface NewEvent {
  readonly type: EventType;
  readonly previousEventId: number;
  readonly details: EventDetails;
}

export interface RecordedEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly type: EventType;
  readonly id: number;
  readonly previousEventId: number;
  readonly details: EventDetails;
}

/** "Always false for API calls" (API reference "HistoryEventExecutionDataDetails"). */
export const complete = { truncated: false } as const;
