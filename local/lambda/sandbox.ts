import type { LambdaReply } from "../invocation.ts";

export interface FunctionSettings {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly eventInvoke?: EventInvokeSettings;
}

/** AWS::Lambda::EventInvokeConfig: what becomes of an asynchronous invocation that fails. */
export interface EventInvokeSettings {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
  /** ARN of a queue. */
  readonly onFailure?: string;
}

export interface Invocation {
  readonly requestId: string;
  readonly payload: unknown;
  /** When the function's time is over, epoch milliseconds. */
  readonly deadline: number;
}

/** A container of a function: one invocation at a time, with credentials of its own. */
export interface Sandbox {
  /** What the function returned or threw, or that its process exited. Never rejects. */
  invoke(invocation: Invocation): Promise<LambdaReply>;
  /** Ends it from outside; resolves when nothing of it runs any more. */
  end(): Promise<void>;
  /** Whether it can take another invocation. */
  isAlive(): boolean;
}
