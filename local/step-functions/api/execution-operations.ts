import * as z from "zod";
import { unsupported } from "../../unsupported.ts";
import type { ExecutionBook, StateMachine } from "../executions/execution-book.ts";
import type { Execution } from "../executions/execution.ts";
import type { RecordedEvent } from "../executions/history-event.ts";
import { redrive } from "../executions/status-change.ts";
import { maxData } from "../interpreter/visit.ts";
import { ApiError } from "./api-error.ts";
import { findExecution, findMachine } from "./find.ts";
import { operation, optionalText, pageFields, text } from "./operation.ts";
import { page } from "./page.ts";

const arn = text(256);
const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];

export const executionOperations = {
  StartExecution: operation({
    access: "write",
    resource: "stateMachineArn",
    shape: z.object({
      stateMachineArn: arn,
      name: z.string().nullable().optional(),
      input: z.string().nullable().optional(),
      traceHeader: optionalText(256),
    }),
    answer(book, { stateMachineArn, name, input }) {
      return start(book, findMachine(book, stateMachineArn), {
        name: name ?? undefined,
        input: input ?? "{}",
      });
    },
  }),
  DescribeExecution: operation({
    access: "read",
    resource: "executionArn",
    shape: z.object({ executionArn: arn }),
    answer: (book, { executionArn }) => describe(findExecution(book, executionArn)),
  }),
  StopExecution: operation({
    access: "write",
    resource: "executionArn",
    shape: z.object({ executionArn: arn, error: optionalText(256), cause: optionalText(32_768) }),
    answer(book, { executionArn, error, cause }) {
      const execution = findExecution(book, executionArn);
      execution.stop(error ?? undefined, cause ?? undefined);
      return { stopDate: seconds(execution.ending?.stoppedAt ?? 0) };
    },
  }),
  ListExecutions: operation({
    access: "read",
    resource: "stateMachineArn",
    shape: z.object({
      stateMachineArn: arn,
      statusFilter: z.enum(statuses).nullable().optional(),
      ...pageFields,
    }),
    answer(book, { stateMachineArn, statusFilter, ...paging }) {
      const all = book.executions.of(findMachine(book, stateMachineArn).arn);
      const wanted = statusFilter
        ? all.filter((execution) => statusOf(execution) === statusFilter)
        : all;
      const { items, nextToken } = page(wanted, ({ facts }) => facts.arn, paging);
      return { executions: items.map(summary), nextToken };
    },
  }),
  GetExecutionHistory: operation({
    access: "read",
    resource: "executionArn",
    shape: z.object({
      executionArn: arn,
      reverseOrder: z.boolean().nullable().optional(),
      includeExecutionData: z
        .literal(true, { error: unsupported("histories without data") })
        .nullable()
        .optional(),
      ...pageFields,
    }),
    answer(book, { executionArn, reverseOrder, ...paging }) {
      const events = findExecution(book, executionArn).events();
      const { items, nextToken } = page(
        reverseOrder ? events.toReversed() : events,
        ({ id }) => String(id),
        paging,
      );
      return { events: items.map(historyEvent), nextToken };
    },
  }),
};

/**
 * White space, brackets, wildcards, special and control characters, surrogates (API reference
 * "StartExecution").
 */
const executionName =
  // oxlint-disable-next-line no-control-regex
  /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]{1,80}$/;

/**
 * "if you call StartExecution with the same name and input as a running execution, the call
 * succeeds and return[s] the same response"
 */
function start(
  book: ExecutionBook,
  machine: StateMachine,
  request: { readonly name: string | undefined; readonly input: string },
): object {
  const { name, input } = request;
  if (name !== undefined && !executionName.test(name)) {
    throw new ApiError("InvalidName", `Invalid Name: '${name}'`);
  }
  assertInput(input);
  const existing =
    name === undefined ? undefined : book.executions.find(book.executionArn(machine, name));
  if (existing && (existing.ending || existing.input !== input)) {
    throw new ApiError(
      "ExecutionAlreadyExists",
      `Execution Already Exists: '${existing.facts.arn}'`,
    );
  }
  const { facts } = existing ?? book.start(machine, request);
  return { executionArn: facts.arn, startDate: seconds(facts.startedAt) };
}

function assertInput(input: string): void {
  if (Buffer.byteLength(input) > maxData) {
    const constraint = `Member must have length less than or equal to ${maxData}`;
    throw new ApiError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: ${constraint}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    throw new ApiError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: '${String(error)}'`,
    );
  }
}

function describe(execution: Execution): object {
  const { input, ending } = execution;
  return {
    ...summary(execution),
    input,
    inputDetails: { included: true },
    ...(ending?.status === "SUCCEEDED" && {
      output: ending.output,
      outputDetails: { included: true },
    }),
    // an execution that timed out has neither error nor cause here, only in its history
    ...((ending?.status === "FAILED" || ending?.status === "ABORTED") && {
      error: ending.error,
      cause: ending.cause,
    }),
    ...redrive(statusOf(execution)),
  };
}

function summary(execution: Execution): object {
  const { facts, ending } = execution;
  return {
    executionArn: facts.arn,
    stateMachineArn: facts.stateMachine.arn,
    name: facts.name,
    status: statusOf(execution),
    startDate: seconds(facts.startedAt),
    ...(ending && { stopDate: seconds(ending.stoppedAt) }),
    redriveCount: 0,
  };
}

function historyEvent({ timestamp, details, ...event }: RecordedEvent): object {
  return { timestamp: timestamp / 1_000, ...event, ...details };
}

function statusOf({ ending }: Execution): string {
  return ending?.status ?? "RUNNING";
}

function seconds(millis: number): number {
  return millis / 1_000;
}
