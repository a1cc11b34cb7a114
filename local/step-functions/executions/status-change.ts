import type { CloudEvent } from "../../service.ts";
import type { Execution } from "./execution.ts";

/**
 * The event of an execution that was started or has ended (developer guide
 * "eventbridge-integration", "Execution Status Change"). "If the combined escaped input and escaped
 * output sent to EventBridge exceeds 248 KiB, then the input is excluded."
 */
export function statusChange({ facts, input, ending }: Execution): CloudEvent {
  const output = ending?.status === "SUCCEEDED" ? ending.output : null;
  const room = maxPayload - escapedSize(output);
  const status = ending?.status ?? "RUNNING";
  return {
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [facts.arn],
    detail: {
      executionArn: facts.arn,
      stateMachineArn: facts.stateMachine.arn,
      name: facts.name,
      status,
      startDate: facts.startedAt,
      stopDate: ending?.stoppedAt ?? null,
      input: escapedSize(input) <= room ? input : null,
      inputDetails: { included: escapedSize(input) <= room },
      output: room >= 0 ? output : null,
      outputDetails: output === null ? null : { included: room >= 0 },
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      ...redrive(status),
      error: null,
      cause: null,
      ...failureOf(ending),
    },
  };
}

const maxPayload = 248 * 1024;

function escapedSize(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(JSON.stringify(text)) - 2;
}

export function redrive(status: string): {
  readonly redriveStatus: string;
  readonly redriveStatusReason: string;
} {
  const redrivable = status !== "RUNNING" && status !== "SUCCEEDED";
  return {
    redriveStatus: redrivable ? "REDRIVABLE" : "NOT_REDRIVABLE",
    redriveStatusReason: `Execution is ${status} and ${redrivable ? "is redrivable" : "cannot be redriven"}`,
  };
}

function failureOf(ending: Execution["ending"]): {
  readonly error?: string | null;
  readonly cause?: string | null;
} {
  if (!ending || ending.status === "SUCCEEDED") return {};
  if (ending.status === "TIMED_OUT") return { error: "States.Timeout" };
  return { error: ending.error ?? null, cause: ending.cause ?? null };
}
