import type { Clock } from "../../clock.ts";
import type { InvokeLambda } from "../../invocation.ts";
import type { Json } from "../../json-value.ts";
import type { TaskTokens } from "../executions/task-tokens.ts";
import type { Fiber } from "./fiber.ts";
import type { Variables } from "./variables.ts";

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
