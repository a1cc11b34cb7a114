import { randomUUID } from "node:crypto";
import type { LambdaCall, LambdaReply, TaskReply, TimeLimit } from "../../invocation.ts";
import type { Assignment, TaskEnd } from "./assignment.ts";
import type { Run } from "./run.ts";

/**
 * Calls the function and tells its end, unless the function outlives the cloud or its answer gets
 * lost. Never rejects.
 */
export async function invokeFunction(
  assignment: Assignment,
  run: Run,
  { timeLimit, tell }: { readonly timeLimit: TimeLimit; readonly tell: (end: TaskEnd) => void },
): Promise<void> {
  const { functionName, payload } = assignment;
  const work = async (): Promise<void> => {
    const answer = await reply(run, { functionName, payload, timeLimit });
    if (answer.kind !== "lost") tell(endOf(answer, run));
  };
  await run.track(work()).catch(() => undefined);
}

async function reply(
  { invoke, signal }: Run,
  call: Omit<LambdaCall, "signal">,
): Promise<TaskReply> {
  try {
    return await invoke({ ...call, signal });
  } catch (error) {
    return {
      kind: "error",
      errorType: "Lambda.Unknown",
      errorMessage: error instanceof Error ? error.message : String(error),
    };
  }
}

function endOf(answer: TaskAnswer, run: Run): TaskEnd {
  if (answer.kind === "ok") {
    return {
      kind: "succeeded",
      output: JSON.stringify(resultOf(JSON.stringify(answer.payload) ?? "null", run)),
    };
  }
  if (answer.kind === "nameless") return { kind: "failed", error: undefined, cause: undefined };
  return { kind: "failed", error: answer.errorType, cause: causeOf(answer) };
}

type TaskAnswer = Exclude<TaskReply, { readonly kind: "lost" }>;

/** What a function throws comes as JSON; what the Lambda service itself answers comes as text. */
function causeOf({
  errorType,
  errorMessage,
  trace,
}: LambdaReply & { readonly kind: "error" }): string {
  if (errorType.startsWith("Lambda.")) return errorMessage;
  return JSON.stringify({ errorType, errorMessage, ...(trace && { trace }) });
}

/**
 * "the function output is nested inside a dictionary of metadata" (developer guide
 * "connect-lambda"), which counts in the result's size.
 */
function resultOf(text: string, { clock }: Run): unknown {
  const requestId = randomUUID();
  const second = Math.floor(clock.now() / 1_000).toString(16);
  const trace = requestId.replaceAll("-", "").slice(0, 24);
  const headers = {
    Connection: "keep-alive",
    "Content-Length": String(Buffer.byteLength(text)),
    "Content-Type": "application/json",
    Date: new Date(clock.now()).toUTCString(),
    "X-Amz-Executed-Version": "$LATEST",
    "x-amzn-Remapped-Content-Length": "0",
    "x-amzn-RequestId": requestId,
    "X-Amzn-Trace-Id": `Root=1-${second}-${trace};Sampled=0`,
  };
  return {
    ExecutedVersion: "$LATEST",
    Payload: JSON.parse(text) as unknown,
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, [value]]),
      ),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
    StatusCode: 200,
  };
}
