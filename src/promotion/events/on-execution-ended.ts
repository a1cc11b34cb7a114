import { settleEnded, type SettleEndedPorts } from "../lock/settle-ended.ts";
import type { StepInput, StepResult } from "../record/step-result.ts";
import { announce, type AnnouncePorts } from "../steps/announce.ts";

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
