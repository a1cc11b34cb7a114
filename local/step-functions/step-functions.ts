import type { CloudContext, Operation, Service, ServiceRequest } from "../service.ts";
import { answerCall, readCall } from "./api/json-protocol.ts";
import {
  createExecutionBook,
  type BookOptions,
  type ExecutionBook,
} from "./executions/execution-book.ts";
import type { Execution } from "./executions/execution.ts";
import type { RecordedEvent } from "./executions/history-event.ts";

export type StepFunctionsOptions = BookOptions;

/** AWS Step Functions: Standard workflows in JSONata, on the cloud's clock. */
export interface StepFunctions extends Service {
  readonly executions: ExecutionControls;
  /**
   * Starts an execution as EventBridge does, and gives its ARN. Throws when there is no such state
   * machine.
   */
  start(stateMachineArn: string, input: string, name?: string): string;
}

export interface ExecutionControls {
  readonly arns: readonly string[];
  /** Resolves with the ending. Rejects for an unknown ARN. */
  waitFor(executionArn: string): Promise<NonNullable<Execution["ending"]>>;
  history(executionArn: string): readonly RecordedEvent[];
  /** Billed state transitions: entered states and retries. */
  transitions(executionArn: string): number;
}

/**
 * Throws an `InvalidDefinition` that names every fault of a definition, and every feature that is
 * not implemented.
 */
export function createStepFunctions(
  context: CloudContext,
  options: StepFunctionsOptions,
): StepFunctions {
  const book = createExecutionBook(context, options);
  return {
    name: "step-functions",
    endpointVariable: "AWS_ENDPOINT_URL_SFN",
    signingNames: ["states"],
    operation: (request) => operationOf(book, request),
    handle: async (request) => answerCall(book, request),
    close: async () => book.close(),
    executions: controlsOf(book),
    start: (stateMachineArn, input, name) => start(book, stateMachineArn, { input, name }),
  };
}

function operationOf(book: ExecutionBook, request: ServiceRequest): Operation | undefined {
  const call = readCall(request);
  if (!call) return undefined;
  const { action, operation, body } = call;
  return {
    action: `states:${action}`,
    resources: [operation.resourceOf(body, book)],
    access: operation.access,
  };
}

function start(
  book: ExecutionBook,
  stateMachineArn: string,
  request: { readonly input: string; readonly name: string | undefined },
): string {
  const machine = book.machines.get(stateMachineArn);
  if (!machine) throw new Error(`there is no state machine ${stateMachineArn}`);
  return book.start(machine, request).facts.arn;
}

function controlsOf(book: ExecutionBook): ExecutionControls {
  const find = (arn: string): Execution => {
    const execution = book.executions.find(arn);
    if (!execution) throw new Error(`there is no execution ${arn}`);
    return execution;
  };
  return {
    get arns() {
      return [...book.machines.keys()]
        .flatMap((arn) => book.executions.of(arn))
        .map(({ facts }) => facts.arn);
    },
    async waitFor(arn) {
      const execution = find(arn);
      await book.ended(execution);
      if (!execution.ending) throw new Error(`${arn} was halted before it ended`);
      return execution.ending;
    },
    history: (arn) => find(arn).events(),
    transitions: (arn) => find(arn).transitions,
  };
}
