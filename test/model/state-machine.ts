import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@promoter/local-cloud/clock";
import type { InvokeLambda, LambdaReply } from "@promoter/local-cloud/internal/invocation.ts";
import type { Json } from "@promoter/local-cloud/internal/json-value.ts";
import { loadDefinition } from "@promoter/local-cloud/internal/step-functions/definition/load-definition.ts";
import type { StateMachineDefinition } from "@promoter/local-cloud/internal/step-functions/definition/state-machine.ts";
import {
  startExecution,
  type Execution,
} from "@promoter/local-cloud/internal/step-functions/executions/execution.ts";
import { createTaskTokens } from "@promoter/local-cloud/internal/step-functions/executions/task-tokens.ts";
import { parse } from "yaml";
import { canonicalJson } from "../../src/domain/hash.ts";
import type { ExecutionStatus, Workflow } from "../../src/ports/workflow.ts";
import { root } from "../architecture/source-tree.ts";

export interface StateMachineOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** By the name of the state, such as `RetagImages`. */
  readonly invoke: (step: string, payload: Json) => Promise<LambdaReply>;
  readonly onEnd: (id: string, status: Exclude<ExecutionStatus, "running">) => void;
}

export interface RunningMachine {
  readonly workflow: Workflow;
  /** Starts it with any input, as a person with the console can. */
  start(id: string, input: Json): void;
  /** StopExecution. */
  stop(id: string): void;
  /** Oldest first. */
  executions(): readonly { readonly id: string; readonly status: ExecutionStatus }[];
}

const statuses = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  ABORTED: "aborted",
  TIMED_OUT: "timed-out",
} as const;
const arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion";
let loaded: StateMachineDefinition | undefined;

/** The shipped definition, carried out by the interpreter of the local cloud. */
export function runMachine({ clock, random, invoke, onEnd }: StateMachineOptions): RunningMachine {
  const executions = new Map<string, Execution>();
  const tokens = createTaskTokens();
  const call: InvokeLambda = ({ functionName, payload }) =>
    invoke(functionName.replace(/^\$\{(\w+)FunctionArn\}$/, "$1"), payload);
  const run = {
    region: "eu-west-1",
    clock,
    random,
    invoke: call,
    signal: new AbortController().signal,
    tokens,
    track: <T>(work: Promise<T>) => work,
  };
  const start = (id: string, input: Json): void => {
    const facts = {
      arn: `${arn.replace(":stateMachine:", ":execution:")}:${id}`,
      name: id,
      input,
      roleArn: "arn:aws:iam::111122223333:role/promotion",
      startedAt: clock.now(),
      stateMachine: { arn, name: "promotion" },
    };
    executions.set(
      id,
      startExecution({
        definition: definition(),
        facts,
        input: JSON.stringify(input),
        run,
        onEnd: ({ ending }) => {
          if (ending) onEnd(id, statuses[ending.status]);
        },
      }),
    );
  };
  return {
    start,
    stop: (id) => executions.get(id)?.stop(undefined, undefined),
    executions: () =>
      [...executions].map(([id, execution]) => ({ id, status: statusOf(execution) })),
    workflow: {
      async start(id, input) {
        const there = executions.get(id);
        if (!there) start(id, JSON.parse(JSON.stringify(input)) as Json);
        return !there || isSameStart(there, input) ? "started" : "exists";
      },
      async status(id) {
        const execution = executions.get(id);
        return execution && statusOf(execution);
      },
      async wake(token) {
        const found = tokens.find(token);
        if (found.kind !== "waiting") return "gone";
        found.holder.succeed("{}");
        return "woken";
      },
    },
  };
}

/**
 * Step Functions answers the same start like the first while it runs (API reference,
 * StartExecution).
 */
function isSameStart({ ending, input }: Execution, other: object): boolean {
  return (
    !ending && canonicalJson(JSON.parse(input)) === canonicalJson(JSON.parse(JSON.stringify(other)))
  );
}

function statusOf({ ending }: Execution): ExecutionStatus {
  return ending ? statuses[ending.status] : "running";
}

/** Once for all schedules. */
function definition(): StateMachineDefinition {
  return (loaded ??= loadDefinition(parse(definitionText(), { merge: true })));
}

function definitionText(): string {
  return readFileSync(join(root, "statemachines/promotion.asl.yml"), "utf8").replaceAll(
    "${Partition}",
    "aws",
  );
}
