import type { Template } from "../query/template.ts";

/** The states of a machine, ready to run. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface StateMachineDefinition extends StateGraph {
  readonly timeoutSeconds: number | undefined;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState;

/** What a state or a choice rule or a catcher leaves behind. */
export interface Yield {
  readonly assign: Template | undefined;
  readonly output: Template | undefined;
  /** undefined ends the execution. */
  readonly next: string | undefined;
}

interface Named {
  readonly name: string;
}
export interface PassState extends Named, Yield {
  readonly kind: "Pass";
}
export interface SucceedState extends Named, Yield {
  readonly kind: "Succeed";
}
export interface FailState extends Named {
  readonly kind: "Fail";
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

export interface TaskState extends Named, Yield {
  readonly kind: "Task";
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  readonly integration: Integration;
  readonly arguments: Template;
  readonly timeout: Template | undefined;
}
export type Integration = "invoke" | "invoke.waitForTaskToken";

export interface ChoiceState extends Named {
  readonly kind: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly fallback: Yield | undefined;
}
export interface ChoiceRule extends Yield {
  readonly condition: Template;
  readonly location: string;
}

export interface WaitState extends Named, Yield {
  readonly kind: "Wait";
  readonly seconds: Template;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly jitter: "FULL" | "NONE";
}

export interface Catcher extends Yield {
  readonly errors: readonly string[];
}
