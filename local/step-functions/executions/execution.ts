import type { StateMachineDefinition } from "../definition/state-machine.ts";
import { startFiber, type Fiber, type StartedFiber, type Trunk } from "../interpreter/fiber.ts";
import { runGraph } from "../interpreter/run-graph.ts";
import type { ExecutionFacts, Run } from "../interpreter/run.ts";
import { Abandoned, StateFailure } from "../interpreter/state-failure.ts";
import { createVariables } from "../interpreter/variables.ts";
import { complete, type RecordedEvent } from "./history-event.ts";
import { createHistory, maxEvents, type History } from "./history.ts";

export type Ending =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | {
      readonly status: "FAILED" | "ABORTED";
      readonly error: string | undefined;
      readonly cause: string | undefined;
    }
  | { readonly status: "TIMED_OUT" };

export interface Execution {
  readonly facts: ExecutionFacts;
  /** The text of the input, byte for byte. */
  readonly input: string;
  readonly ending: (Ending & { readonly stoppedAt: number }) | undefined;
  /** Billed state transitions: states entered and retries. */
  readonly transitions: number;
  events(): readonly RecordedEvent[];
  stop(error: string | undefined, cause: string | undefined): void;
  /** Halts without an ending, as when the cloud closes. */
  halt(): void;
}

export interface ExecutionParts {
  readonly definition: StateMachineDefinition;
  readonly facts: ExecutionFacts;
  readonly input: string;
  readonly run: Omit<Run, "execution" | "countTransition">;
  readonly onEnd: (execution: Execution) => void;
}

/** "Maximum execution time: 1 year" (developer guide "service-quotas"). */
const maxSeconds = 365 * 86_400;

const tooLong: Ending = {
  status: "FAILED",
  error: "States.Runtime",
  cause: `The execution reached the maximum number of history events (${maxEvents}).`,
};

export function startExecution({
  definition,
  facts,
  input,
  run,
  onEnd,
}: ExecutionParts): Execution {
  const history = createHistory(run.clock);
  let transitions = 0;
  let ending: Execution["ending"];

  const end = (how: Ending, previousEventId: number): void => {
    if (ending) return;
    ending = { ...how, stoppedAt: run.clock.now() };
    history.add({ ...terminalEvent(how), previousEventId });
    halt();
    history.seal();
    onEnd(execution);
  };
  const trunk: Trunk = {
    append(event) {
      if (ending) throw new Abandoned();
      if (history.length < maxEvents - 1) return history.add(event);
      end(tooLong, event.previousEventId);
      throw new Abandoned();
    },
    atWork: () => atWork(run),
  };
  const halt = (): void => {
    cancelTimeout();
    root.stop();
  };

  const execution: Execution = {
    facts,
    input,
    halt,
    get ending() {
      return ending;
    },
    get transitions() {
      return transitions;
    },
    events: () => history.events(),
    stop: (error, cause) => end({ status: "ABORTED", error, cause }, 0),
  };
  const seconds = Math.min(definition.timeoutSeconds ?? maxSeconds, maxSeconds);
  const cancelTimeout = run.clock.at(facts.startedAt + seconds * 1_000, () =>
    end({ status: "TIMED_OUT" }, 0),
  );
  history.add(startedEvent(input, facts.roleArn));
  const countTransition = (): void => {
    transitions += 1;
  };
  const root: StartedFiber = startFiber(trunk, (fiber) =>
    runToEnd({ ...run, execution: facts, countTransition }, { definition, fiber, end }),
  );
  return execution;
}

function startedEvent(input: string, roleArn: string): Parameters<History["add"]>[0] {
  return {
    type: "ExecutionStarted",
    previousEventId: 0,
    details: { executionStartedEventDetails: { input, inputDetails: complete, roleArn } },
  };
}

async function runToEnd(
  run: Run,
  {
    definition,
    fiber,
    end,
  }: {
    readonly definition: StateMachineDefinition;
    readonly fiber: Fiber;
    readonly end: (how: Ending, previousEventId: number) => void;
  },
): Promise<void> {
  try {
    await Promise.resolve(); // the caller has the execution before its first event can end it
    const frame = { run, fiber, variables: createVariables() };
    const output = await runGraph(definition, frame, run.execution.input);
    end({ status: "SUCCEEDED", output: JSON.stringify(output) }, fiber.last);
  } catch (error) {
    if (error instanceof Abandoned) return;
    const { error: name, reason } =
      error instanceof StateFailure ? error : new StateFailure("States.Runtime", String(error));
    end({ status: "FAILED", error: name, cause: reason }, fiber.last);
  }
}

function terminalEvent(how: Ending): Pick<RecordedEvent, "type" | "details"> {
  switch (how.status) {
    case "SUCCEEDED":
      return {
        type: "ExecutionSucceeded",
        details: {
          executionSucceededEventDetails: { output: how.output, outputDetails: complete },
        },
      };
    case "FAILED":
      return {
        type: "ExecutionFailed",
        details: { executionFailedEventDetails: { error: how.error, cause: how.cause } },
      };
    case "ABORTED":
      return {
        type: "ExecutionAborted",
        details: { executionAbortedEventDetails: { error: how.error, cause: how.cause } },
      };
    case "TIMED_OUT":
    default:
      return {
        type: "ExecutionTimedOut",
        details: { executionTimedOutEventDetails: { error: "States.Timeout" } },
      };
  }
}

function atWork({ track }: Pick<Run, "track">): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  void track(promise);
  return resolve;
}
