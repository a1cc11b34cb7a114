import type { Clock } from "../clock.ts";
import type { LambdaReply } from "../invocation.ts";
import { returned, thrown } from "./replies.ts";
import type { FunctionSettings, Invocation, Sandbox } from "./sandbox.ts";

/** A handler as Lambda calls it. */
export type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

export interface LambdaContext {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

interface InProcess {
  readonly settings: FunctionSettings;
  readonly clock: Clock;
  readonly handler: Handler;
}

/**
 * A function in this very process. Nobody can stop it here; once it is ended, its calls lead
 * nowhere.
 */
export function inProcessSandbox(parts: InProcess): Sandbox {
  return {
    invoke: (invocation) => call(parts, invocation),
    end: () => Promise.resolve(),
    isAlive: () => true,
  };
}

async function call(
  { settings, clock, handler }: InProcess,
  { requestId, payload, deadline }: Invocation,
): Promise<LambdaReply> {
  const context = {
    functionName: settings.name,
    invokedFunctionArn: settings.arn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
  };
  try {
    return returned(await handler(structuredClone(payload), context));
  } catch (error) {
    return thrown(error);
  }
}
