import type { InvokeLambda, TaskReply } from "../invocation.ts";
import { killedForMemory } from "../lambda/replies.ts";
import { maxData } from "../step-functions/interpreter/visit.ts";

/** What may become of an invocation by the state machine; the names are those of the fault `answer`. */
export const faultyAnswers = [
  "out-of-memory",
  "conflict",
  "not-ready",
  "nameless",
  "too-large",
  "lost",
] as const;
export type FaultyAnswer = (typeof faultyAnswers)[number];

export interface InvocationFault {
  readonly function: string;
  readonly as: FaultyAnswer;
  /** How many of the next invocations it befalls. */
  readonly times: number;
}

export interface InvocationFaults {
  /** Invokes, or lets happen what was asked for. */
  readonly invoke: InvokeLambda;
  add(fault: InvocationFault): void;
  clear(): void;
}

/** Each invocation suffers the oldest fault of its function. */
export function createInvocationFaults(invoke: InvokeLambda): InvocationFaults {
  let waiting: readonly InvocationFault[] = [];
  const next = (functionName: string): FaultyAnswer | undefined => {
    const found = waiting.find((one) => functionName.endsWith(`-${one.function}`));
    waiting = waiting.flatMap((one) =>
      one !== found ? one : one.times > 1 ? { ...one, times: one.times - 1 } : [],
    );
    return found?.as;
  };
  return {
    async invoke(call) {
      const answer = next(call.functionName);
      return answer === undefined ? invoke(call) : befall(answer, () => invoke(call));
    },
    add: (fault) => {
      waiting = [...waiting, fault];
    },
    clear: () => {
      waiting = [];
    },
  };
}

/**
 * An answer of the Lambda service comes instead of the invocation. Else the worst case: the
 * function has done its work, and nobody hears of it.
 */
async function befall(answer: FaultyAnswer, invoke: () => Promise<TaskReply>): Promise<TaskReply> {
  if (answer === "conflict" || answer === "not-ready") return refusals[answer];
  await invoke();
  switch (answer) {
    case "out-of-memory":
      return killedForMemory();
    case "too-large":
      return { kind: "ok", payload: "x".repeat(maxData) };
    case "lost":
      return { kind: "lost" };
    case "nameless":
      return { kind: "nameless" };
    default:
      return answer satisfies never;
  }
}

/** Words: Lambda API reference, Invoke, "Errors"; form: captured, local/test/fixtures/asl/task.yml. */
const refusals = {
  conflict: refusal("ResourceConflictException", {
    status: 409,
    message:
      "The operation cannot be performed at this time. An update is in progress for resource",
  }),
  "not-ready": refusal("ResourceNotReadyException", {
    status: 502,
    message:
      "The function is inactive and its VPC connection is no longer available. Wait for the VPC connection to reestablish and try again.",
  }),
};

function refusal(
  code: string,
  { status, message }: { readonly status: number; readonly message: string },
): TaskReply {
  return {
    kind: "error",
    errorType: `Lambda.${code}`,
    errorMessage: `${message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code})`,
  };
}
