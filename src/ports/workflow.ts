import type { PromotionId } from "../domain/promotion.ts";

export type ExecutionStatus = "running" | "succeeded" | "failed" | "timed-out" | "aborted";

/**
 * The state machine, seen from a step or an event handler. Throws `WorkflowUnavailable` (try later)
 * or `WorkflowRefused`.
 */
export interface Workflow {
  /**
   * Starts the execution of that name. `exists`: one of that name runs or has run; nothing was
   * started.
   */
  start(id: PromotionId, input: WorkflowInput): Promise<"started" | "exists">;
  /** undefined: no execution of that name is known. */
  status(id: PromotionId): Promise<ExecutionStatus | undefined>;
  /**
   * Wakes the holder of a token; `gone`: it was woken, timed out or ended already. The token says
   * nothing: who wakes up reads the table.
   */
  wake(token: string): Promise<"woken" | "gone">;
}

/** Byte-stable: the same promotion always gives the same text. */
export interface WorkflowInput {
  readonly application: string;
  readonly version: string;
  readonly environment: string;
  readonly set?: string;
  readonly requester?: string;
  readonly reason?: string;
  readonly mode?: "plan";
  readonly back?: true;
}
