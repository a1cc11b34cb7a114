import type { Json } from "./json-value.ts";

export type LambdaReply =
  | { readonly kind: "ok"; readonly payload: unknown }
  | {
      readonly kind: "error";
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace?: readonly string[];
    };

/**
 * What becomes of an invocation: an answer, a failure without a name (as one that comes with a
 * token may be), or nothing that anybody hears of.
 */
export type TaskReply = LambdaReply | { readonly kind: "nameless" } | { readonly kind: "lost" };

/**
 * The time-out of a Task. It rests while the function waits for its turn in this process, which is
 * nothing that AWS knows.
 */
export interface TimeLimit {
  rest(): void;
  /** From the beginning. */
  run(): void;
}

export interface LambdaCall {
  readonly functionName: string;
  readonly payload: Json;
  /** Aborted when the cloud closes, never because a task is over. */
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
}

/** Reaches a function, by name or ARN. */
export type InvokeLambda = (call: LambdaCall) => Promise<TaskReply>;
