import type { LambdaReply } from "../invocation.ts";

/** What a function's process is told over its IPC channel. */
export interface ToProcess {
  readonly requestId: string;
  readonly payload: unknown;
  readonly deadline: number;
  readonly arn: string;
}

/** What it says: once that it is ready, then one reply for each invocation. */
export type FromProcess =
  | { readonly kind: "ready" }
  | { readonly kind: "reply"; readonly requestId: string; readonly reply: LambdaReply };
