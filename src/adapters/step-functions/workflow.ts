import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { canonicalJson } from "../../domain/hash.ts";
import type { PromotionId } from "../../domain/promotion.ts";
import type { ExecutionStatus, Workflow } from "../../ports/workflow.ts";
import { translateError, type WorkflowCall } from "./translate-error.ts";

export interface StepFunctionsWorkflowOptions {
  readonly client: SFNClient;
  /** Of the machine itself, a version or an alias. */
  readonly stateMachineArn: string;
}

/**
 * The state machine behind the port. Starting the same name with the same bytes while it runs is
 * answered like the first start (API reference, StartExecution), so one execution may be reported
 * as `started` twice.
 */
export function stepFunctionsWorkflow({
  client,
  stateMachineArn,
}: StepFunctionsWorkflowOptions): Workflow {
  return {
    async start(id, input) {
      const command = new StartExecutionCommand({
        stateMachineArn,
        name: id,
        input: canonicalJson(input),
      });
      const attempt = { doing: `starting the execution ${id}`, action: "states:StartExecution" };
      return callWorkflow<"started" | "exists">(
        attempt,
        { names: alreadyExists, answer: "exists" },
        async () => {
          await client.send(command);
          return "started";
        },
      );
    },
    async status(id) {
      const command = new DescribeExecutionCommand({
        executionArn: executionArn(stateMachineArn, id),
      });
      const attempt = {
        doing: `describing the execution ${id}`,
        action: "states:DescribeExecution",
      };
      return callWorkflow<ExecutionStatus | undefined>(
        attempt,
        { names: doesNotExist, answer: undefined },
        async () => {
          const { status = "" } = await client.send(command);
          return statuses[status] ?? "running";
        },
      );
    },
    async wake(token) {
      const command = new SendTaskSuccessCommand({ taskToken: token, output: "{}" });
      const attempt = { doing: "waking a waiting execution", action: "states:SendTaskSuccess" };
      return callWorkflow<"woken" | "gone">(
        attempt,
        { names: tokensGone, answer: "gone" },
        async () => {
          await client.send(command);
          return "woken";
        },
      );
    },
  };
}

/** The execution has ended, or runs with another input. */
const alreadyExists: ReadonlySet<string> = new Set(["ExecutionAlreadyExists"]);
const doesNotExist: ReadonlySet<string> = new Set(["ExecutionDoesNotExist"]);
/** A second click, or a click after the timeout, gets one of these (API reference, SendTaskSuccess). */
const tokensGone: ReadonlySet<string> = new Set([
  "TaskTimedOut",
  "TaskDoesNotExist",
  "InvalidToken",
]);

/**
 * Values of ExecutionStatus (API reference, DescribeExecution). An execution that waits to be
 * redriven, or has an unknown status, is not over.
 */
const statuses: Readonly<Record<string, ExecutionStatus>> = {
  RUNNING: "running",
  PENDING_REDRIVE: "running",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  TIMED_OUT: "timed-out",
  ABORTED: "aborted",
};

/**
 * `arn:aws:states:<region>:<account>:execution:<machine>:<name>`: without the version or alias that
 * the machine's ARN may end in.
 */
function executionArn(stateMachineArn: string, id: PromotionId): string {
  const [arn, partition, service, region, account, , machine] = stateMachineArn.split(":");
  return [arn, partition, service, region, account, "execution", machine, id].join(":");
}

/** Exceptions that are answers become the answer; all others are translated. */
async function callWorkflow<Answer>(
  attempt: WorkflowCall,
  expected: { readonly names: ReadonlySet<string>; readonly answer: Answer },
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && expected.names.has(error.name)) return expected.answer;
    throw translateError(error, attempt);
  }
}
