import type { TimeLimit } from "../../invocation.ts";
import { complete } from "../executions/history-event.ts";
import type { Assignment, TaskEnd } from "./assignment.ts";
import { invokeFunction } from "./invoke-function.ts";
import type { Visit } from "./visit.ts";

/**
 * The first of: the function's answer (or, in callback mode, its error), the token's return, the
 * timeout. "Running Lambda functions cannot be stopped" (developer guide "state-parallel"): a late
 * answer is dropped.
 */
export async function awaitTask(assignment: Assignment, visit: Visit): Promise<TaskEnd> {
  const { tokens } = visit.run;
  const token = visit.taskToken;
  return await visit.fiber.wait<TaskEnd>((resume) => {
    let over = false;
    const timeLimit = limit(assignment, visit, () => resume({ kind: "timed out" }));
    timeLimit.run();
    if (token !== undefined) {
      tokens.open(token, {
        succeed: (output) => resume({ kind: "succeeded", output }),
        fail: (error, cause) => resume({ kind: "failed", error, cause }),
      });
    }
    const tell = (end: TaskEnd): void => {
      if (over) return;
      if (token === undefined || end.kind !== "succeeded") return resume(end);
      submitted(end.output, assignment, visit);
    };
    void invokeFunction(assignment, visit.run, {
      tell,
      timeLimit: {
        rest: () => timeLimit.rest(),
        run: () => {
          if (!over) timeLimit.run();
        },
      },
    });
    return () => {
      over = true;
      timeLimit.rest();
      if (token !== undefined) tokens.close(token);
    };
  });
}

function submitted(output: string, { service }: Assignment, { fiber }: Visit): void {
  fiber.record("TaskSubmitted", {
    taskSubmittedEventDetails: { ...service, output, outputDetails: complete },
  });
}

function limit(
  { timeoutSeconds }: Assignment,
  { run: { clock } }: Visit,
  onTimeout: () => void,
): TimeLimit {
  let cancel: (() => void) | undefined;
  const rest = (): void => cancel?.();
  const run = (): void => {
    rest();
    if (timeoutSeconds !== undefined) {
      cancel = clock.at(clock.now() + timeoutSeconds * 1_000, onTimeout);
    }
  };
  return { rest, run };
}
