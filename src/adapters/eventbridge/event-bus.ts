import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import { PromoterError } from "../../domain/errors.ts";
import type { EventBus } from "../../ports/event-bus.ts";
import { translateError } from "./translate-error.ts";

export interface EventBridgeEventBusOptions {
  readonly client: EventBridgeClient;
}

/** The default bus of the account and Region. */
export function eventBridgeEventBus({ client }: EventBridgeEventBusOptions): EventBus {
  return {
    async publish(detailType, detail) {
      const entry = { Source: "promoter", DetailType: detailType, Detail: JSON.stringify(detail) };
      const first = await put(client, entry);
      const refusal =
        first && transientCodes.has(first.ErrorCode ?? "") ? await put(client, entry) : first;
      if (refusal) throw notTaken(detailType, refusal);
    },
  };
}

/**
 * "Retryable errors" of an entry (API reference, PutEventsResultEntry); the SDK does not see them,
 * because the answer is HTTP 200.
 */
const transientCodes: ReadonlySet<string> = new Set(["InternalFailure", "ThrottlingException"]);

/** The entry as EventBridge answers it when it did not take it. */
async function put(
  client: EventBridgeClient,
  entry: PutEventsRequestEntry,
): Promise<PutEventsResultEntry | undefined> {
  try {
    const { FailedEntryCount = 0, Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    return FailedEntryCount > 0 ? (Entries[0] ?? {}) : undefined;
  } catch (error) {
    throw translateError(error, `publishing "${entry.DetailType}"`);
  }
}

function notTaken(
  detailType: string,
  { ErrorCode = "no code", ErrorMessage = "" }: PutEventsResultEntry,
): PromoterError {
  const remedy = transientCodes.has(ErrorCode)
    ? "try again later"
    : "check the event and events:PutEvents of the role";
  const expected = `publishing "${detailType}": expected EventBridge to accept the event`;
  const message = `${expected}, got ${ErrorCode}: ${ErrorMessage}; ${remedy}`;
  return new PromoterError("BusUnavailable", message, { details: { exception: ErrorCode } });
}
