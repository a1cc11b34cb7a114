import { type Json, type JsonObject } from "../../json-value.ts";
import type { Yield } from "../definition/state-machine.ts";
import type { Bindings } from "../query/expression.ts";
import { QueryFault } from "../query/query-fault.ts";
import { evaluateTemplate, type Template } from "../query/template.ts";
import type { Frame } from "./run.ts";
import { StateFailure } from "./state-failure.ts";
import type { Variables } from "./variables.ts";

/** One stay in a state, from entering to leaving it. */
export interface Visit extends Frame {
  readonly stateName: string;
  readonly input: Json;
  readonly enteredAt: number;
  readonly enteredId: number;
  /** The event before its entering. */
  readonly enteredAfter: number;
  /** Only where a state can be retried. */
  readonly retryCount?: number;
  readonly taskToken?: string;
}

/** What expressions of some fields can read besides. */
export interface Data {
  readonly result?: Json;
  readonly errorOutput?: JsonObject;
}

export interface Exit {
  readonly output: Json;
  readonly assigned: JsonObject | undefined;
  readonly next: string | undefined;
}

/** "256 KiB of data as a UTF-8 encoded string" (developer guide "service-quotas"). */
export const maxData = 262_144;
/**
 * "The total size of all stored variables cannot exceed 10MiB per execution" (developer guide
 * "workflow-variables").
 */
const maxStore = 10_485_760;

/**
 * Evaluates in a state. A fault becomes an EvaluationFailed event, which follows the one before the
 * state's entering (captured), and a failure of the state.
 */
export async function evaluate<T>(
  visit: Visit,
  data: Data,
  work: (bindings: Bindings) => Promise<T>,
): Promise<T> {
  try {
    return await visit.fiber.compute(work(bindingsOf(visit, data)));
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const failure = failureIn(visit, "States.QueryEvaluationError", error.message);
    visit.fiber.continueFrom(visit.enteredAfter);
    visit.fiber.record("EvaluationFailed", {
      evaluationFailedEventDetails: {
        error: failure.error,
        cause: failure.reason,
        location: error.location,
        state: visit.stateName,
      },
    });
    throw failure;
  }
}

export function evaluateIf(
  visit: Visit,
  template: Template | undefined,
  data: Data = {},
): Promise<Json | undefined> {
  if (!template) return Promise.resolve(undefined);
  return evaluate(visit, data, (bindings) => evaluateTemplate(template, bindings));
}

/**
 * "Assign and Output steps occur in parallel": both see the variables as they were on entry
 * (developer guide "transforming-data").
 */
export async function leave(
  visit: Visit,
  { assign, output, next }: Yield,
  data: Data & { readonly otherwise: Json },
): Promise<Exit> {
  const assigned = (await evaluateIf(visit, assign, data)) as JsonObject | undefined;
  const result = await evaluateIf(visit, output, data);
  const exit = { output: result === undefined ? data.otherwise : result, assigned, next };
  assertSize(exit, visit);
  return exit;
}

function assertSize({ output, assigned }: Exit, { stateName, variables }: Visit): void {
  const fits =
    Buffer.byteLength(JSON.stringify(output)) <= maxData && (!assigned || fit(assigned, variables));
  if (!fits) throw tooLarge(stateName);
}

function fit(assigned: JsonObject, variables: Variables): boolean {
  return (
    Buffer.byteLength(JSON.stringify(assigned)) <= maxData &&
    variables.bytesWith(assigned) <= maxStore
  );
}

/**
 * Data of a state, before or after its work. No wildcard catches it: "a terminal error that can't
 * be caught by the States.ALL error type" (developer guide "concepts-error-handling"); at the
 * border between states it was seen to be so (cdklabs/construct-hub issue 1885).
 */
export function tooLarge(stateName: string): StateFailure {
  return new StateFailure("States.DataLimitExceeded", excessOf(stateName), { onlyByName: true });
}

/** `of`: a state, or the service that a task has called. */
export function excessOf(of: string): string {
  return `The state/task '${of}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}

/** What the interpreter itself finds wrong says where. */
export function failureIn(visit: Visit, error: string, text: string): StateFailure {
  const state = `the state '${visit.stateName}' (entered at the event id #${visit.enteredId})`;
  const place = `An error occurred while executing ${state}.`;
  return new StateFailure(error, `${place} ${text}`);
}

function bindingsOf(visit: Visit, { result, errorOutput }: Data): Bindings {
  const states = {
    input: visit.input,
    ...(result !== undefined && { result }),
    ...(errorOutput && { errorOutput }),
    context: contextOf(visit),
  };
  return { ...visit.variables.visible(), states };
}

/** The Context object (developer guide "input-output-contextobject"). */
function contextOf({
  run: { execution },
  stateName,
  enteredAt,
  retryCount,
  taskToken,
}: Visit): JsonObject {
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      StartTime: timestamp(execution.startedAt),
      Name: execution.name,
      RoleArn: execution.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: execution.stateMachine.arn, Name: execution.stateMachine.name },
    State: {
      Name: stateName,
      EnteredTime: timestamp(enteredAt),
      ...(retryCount !== undefined && { RetryCount: retryCount }),
    },
    ...(taskToken !== undefined && { Task: { Token: taskToken } }),
  };
}

/**
 * "When a timestamp has zero fractional seconds, Step Functions removes the trailing zeros" (the
 * same page).
 */
function timestamp(millis: number): string {
  return new Date(millis).toISOString().replace(".000Z", "Z");
}
