import { randomUUID } from "node:crypto";
import { resourceArn } from "../../aws/resource-arn.ts";
import type { InvokeLambda } from "../../invocation.ts";
import type { Json } from "../../json-value.ts";
import type { CloudContext } from "../../service.ts";
import { loadDefinition } from "../definition/load-definition.ts";
import type { StateMachineDefinition } from "../definition/state-machine.ts";
import { createExecutionStore, type ExecutionStore } from "./execution-store.ts";
import { startExecution, type Execution } from "./execution.ts";
import { statusChange } from "./status-change.ts";
import { createTaskTokens, type TaskTokens } from "./task-tokens.ts";

export interface StateMachineOptions {
  readonly name: string;
  readonly arn?: string;
  /** An object or JSON text, its substitutions made. */
  readonly definition: unknown;
  readonly roleArn: string;
}

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: StateMachineDefinition;
}

export interface BookOptions {
  readonly stateMachines: readonly StateMachineOptions[];
  readonly invoke: InvokeLambda;
  readonly random?: () => number;
  /** How many closed executions are kept; 10,000 unless told. AWS keeps all of the last 90 days. */
  readonly keepClosed?: number;
}

/** The state machines and what runs on them. */
export interface ExecutionBook {
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly executions: ExecutionStore;
  readonly tokens: TaskTokens;
  executionArn(machine: StateMachine, name: string): string;
  start(
    machine: StateMachine,
    start: { readonly name?: string | undefined; readonly input: string },
  ): Execution;
  /** Resolves when the execution has ended; at once when it is over. */
  ended(execution: Execution): Promise<void>;
  close(): void;
}

export function createExecutionBook(context: CloudContext, options: BookOptions): ExecutionBook {
  const random = options.random ?? Math.random;
  const machines = new Map(
    options.stateMachines
      .map((machine) => loadMachine(context, machine))
      .map((machine) => [machine.arn, machine]),
  );
  const executions = createExecutionStore(context.clock, options.keepClosed ?? 10_000);
  const tokens = createTaskTokens();
  const closing = new AbortController();
  const waiters = createWaiters();

  const onEnd = (execution: Execution): void => {
    executions.close(execution);
    context.emit(statusChange(execution));
    waiters.wake(execution);
  };
  const book: ExecutionBook = {
    machines,
    executions,
    tokens,
    executionArn: (machine, name) =>
      `${machine.arn.replace(":stateMachine:", ":execution:")}:${name}`,
    start(machine, { name = randomUUID(), input }) {
      const { region, clock } = context;
      const facts = {
        arn: book.executionArn(machine, name),
        name,
        input: JSON.parse(input) as Json,
        roleArn: machine.roleArn,
        startedAt: clock.now(),
        stateMachine: { arn: machine.arn, name: machine.name },
      };
      const run = {
        region,
        clock,
        random,
        invoke: options.invoke,
        signal: closing.signal,
        tokens,
        track: <T>(work: Promise<T>) => context.track(work),
      };
      const { definition } = machine;
      const execution = startExecution({ definition, facts, input, run, onEnd });
      executions.add(execution);
      context.emit(statusChange(execution));
      return execution;
    },
    ended: (execution) => (execution.ending ? Promise.resolve() : waiters.wait(execution)),
    close() {
      for (const execution of executions.open()) execution.halt();
      closing.abort();
    },
  };
  return book;
}

/** Who waits for an execution to end. */
function createWaiters(): {
  wait(execution: Execution): Promise<void>;
  wake(execution: Execution): void;
} {
  const waiting = new Map<Execution, PromiseWithResolvers<void>>();
  return {
    wait(execution) {
      const waiter = waiting.get(execution) ?? Promise.withResolvers<void>();
      waiting.set(execution, waiter);
      return waiter.promise;
    },
    wake(execution) {
      waiting.get(execution)?.resolve();
      waiting.delete(execution);
    },
  };
}

function loadMachine(
  context: CloudContext,
  { name, arn: given, definition, roleArn }: StateMachineOptions,
): StateMachine {
  try {
    return {
      name,
      roleArn,
      definition: loadDefinition(definition),
      arn: given ?? resourceArn(context, "states", `stateMachine:${name}`),
    };
  } catch (error) {
    if (error instanceof Error) error.message = `state machine ${name}:\n${error.message}`;
    throw error;
  }
}
