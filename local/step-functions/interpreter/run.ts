import type { Clock } from "../../clock.ts";
import type { TaskTokens } from "../executions/task-tokens.ts";
import type { Json } from "../json.ts";
import type { Fiber } from "./fiber.ts";
import type { Variables } from "./variables.ts";

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

/** What an execution needs of the world, and what it is. */
export interface Run {
  readonly region: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly invoke: InvokeLambda;
  readonly signal: AbortSignal;
  readonly tokens: TaskTokens;
  readonly execution: ExecutionFacts;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** A state was entered or tried again: AWS bills it. */
  countTransition(): void;
}

export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly input: Json;
  readonly roleArn: string;
  readonly startedAt: number;
  readonly stateMachine: { readonly arn: string; readonly name: string };
}

/** Where a state runs. */
export interface Frame {
  readonly run: Run;
  readonly fiber: Fiber;
  readonly variables: Variables;
}
