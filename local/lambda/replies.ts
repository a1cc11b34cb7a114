import { randomUUID } from "node:crypto";
import type { LambdaReply } from "../invocation.ts";

/**
 * Two decimals also for whole seconds, as in captured answers (seek-oss/aws-codedeploy-hooks pull
 * request 81; floci-io/floci issue 3314).
 */
export function timedOut(requestId: string, seconds: number): LambdaReply {
  return {
    kind: "error",
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  };
}

/** Why a process is gone: its exit code or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export const killed: Exit = { code: null, signal: "SIGKILL" };

/**
 * Captured: floci-io/floci issue 3314 (exit status), langfuse/langfuse pull request 17238 (killed,
 * and without a reason).
 */
export function exited(requestId: string, { code, signal }: Exit): LambdaReply {
  return {
    kind: "error",
    errorType: "Runtime.ExitError",
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reasonOf(code, signal)}`,
  };
}

/**
 * Reported since 2024; older reports of the same name it Runtime.ExitError
 * (awslabs/aws-deployment-framework issue 758).
 */
export function killedForMemory(requestId: string = randomUUID()): LambdaReply {
  return {
    kind: "error",
    errorType: "Runtime.OutOfMemory",
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reasonOf(killed.code, killed.signal)}`,
  };
}

function reasonOf(code: number | null, signal: string | null): string {
  if (signal !== null) {
    return `with error: signal: ${signalWords[signal] ?? signal.replace(/^SIG/, "").toLowerCase()}`;
  }
  return code === 0 || code === null
    ? "without providing a reason"
    : `with error: exit status ${code}`;
}

/** The words of Go's syscall package, in which Lambda reports signals. */
const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGTERM: "terminated",
  SIGABRT: "aborted",
  SIGSEGV: "segmentation fault",
};

/** Payload and result cross as JSON, as they do in AWS: nothing is shared by reference. */
export function returned(result: unknown): LambdaReply {
  return { kind: "ok", payload: result === undefined ? null : JSON.parse(JSON.stringify(result)) };
}

/**
 * A function that could not be loaded, so that its container never started: by the name that the
 * runtime gives it (aws/aws-lambda-nodejs-runtime-interface-client, UserFunction.js), else by that
 * of what it threw.
 */
export function notLoaded(error: unknown): LambdaReply {
  const name = error instanceof Error ? loadingErrorOf(error) : undefined;
  return error instanceof Error && name !== undefined
    ? { kind: "error", errorType: name, errorMessage: String(error), trace: [] }
    : thrown(error);
}

function loadingErrorOf(error: Error): string | undefined {
  if (error instanceof SyntaxError) return "Runtime.UserCodeSyntaxError";
  const code = "code" in error ? error.code : undefined;
  return code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
    ? "Runtime.ImportModuleError"
    : undefined;
}

export function thrown(error: unknown): LambdaReply {
  if (!(error instanceof Error)) {
    return { kind: "error", errorType: "Error", errorMessage: String(error) };
  }
  return {
    kind: "error",
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? "").split("\n").slice(0, 10),
  };
}
