import { announce, type AnnouncePorts } from "./announce.ts";
import { settleEnded, type SettleEndedPorts } from "./settle-ended.ts";
import type { StepInput, StepResult } from "./step-result.ts";

export type SettlePorts = SettleEndedPorts & AnnouncePorts;

/**
 * Closes and announces what the state machine could not: executions that were aborted, timed out or
 * died skip every Catch.
 */
export async function onExecutionEnded(
  { promotion }: StepInput,
  ports: SettlePorts,
): Promise<StepResult> {
  const settled = await settleEnded(promotion, ports);
  if (settled === "closed") return announce({ promotion }, ports);
  return {
    outcome: settled,
    reasons: [
      settled === "open" ? `${promotion} is not over` : `there is no promotion ${promotion}`,
    ],
  };
}
