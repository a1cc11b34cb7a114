import type { RecordedEvent } from "../executions/history-event.ts";

const data = new Set(["input", "inputDetails", "output", "outputDetails"]);

/** An event as GetExecutionHistory answers it; without data it keeps all but the inputs and outputs. */
export function historyEvent(
  { timestamp, details, ...event }: RecordedEvent,
  which: "with data" | "without data",
): object {
  const shown = which === "with data" ? details : withoutData(details);
  return { timestamp: timestamp / 1_000, ...event, ...shown };
}

function withoutData(details: RecordedEvent["details"]): object {
  return Object.fromEntries(
    Object.entries(details).map(([name, fields]) => [
      name,
      Object.fromEntries(Object.entries(fields ?? {}).filter(([field]) => !data.has(field))),
    ]),
  );
}
