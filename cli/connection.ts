import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { errorTable, type ErrorName } from "../src/domain/errors.ts";
import { isRecord } from "../src/domain/json.ts";
import { partitionOf } from "../src/domain/partition.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import type { LocalState } from "./local-state.ts";

/**
 * The promoter that the commands talk to: functions and state machine, in the local cloud or in an
 * account.
 */
export interface Connection {
  /** For people: where this is. */
  readonly where: string;
  /** Milliseconds between polls of a promotion that is followed. */
  readonly pace: number;
  invoke(functionName: string, payload: object): Promise<unknown>;
  start(input: object, name: string): Promise<void>;
}

export interface AwsTarget {
  readonly account: string;
  readonly region: string;
  readonly stage: string;
}

export function localConnection(state: LocalState, patience = invokeTimeout): Connection {
  const client = {
    ...clientLimits,
    region: state.region,
    endpoint: state.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  };
  return connection({
    lambda: new LambdaClient(client),
    sfn: new SFNClient(client),
    target: state,
    patience,
    pace: 250,
    where: `the local cloud at ${state.origin}`,
  });
}

/**
 * The account is the one that promoter.yml names; the SDK finds the credentials. A poll is an
 * invocation, so polls are rarer here.
 */
export function awsConnection(target: AwsTarget): Connection {
  const { region, account, stage } = target;
  const client = { ...clientLimits, region };
  return connection({
    lambda: new LambdaClient(client),
    sfn: new SFNClient(client),
    target,
    patience: invokeTimeout,
    pace: 2_000,
    where: `AWS account ${account}, Region ${region}, stage ${stage}`,
  });
}

/**
 * Milliseconds; without them the SDK waits forever. Silence before the answer is bounded by each
 * call, because functions take their time.
 */
const clientLimits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5_000, throwOnRequestTimeout: true },
};
const startTimeout = 10_000;

/**
 * Milliseconds that a function may take to answer: its time in serverless.yml, and 10 seconds to
 * start in.
 */
export function invokeTimeout(functionName: string): number {
  return 1_000 * (10 + (slowFunctions.get(functionName) ?? 30));
}

const slowFunctions: ReadonlyMap<string, number> = new Map([
  ["reconcile", 240],
  ["restore-environment", 120],
]);

interface Clients {
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly target: AwsTarget;
  readonly patience: (functionName: string) => number;
  readonly pace: number;
  readonly where: string;
}

/**
 * Always by ARN: with credentials of another account a bare name would be a function of that
 * account.
 */
function connection({ lambda, sfn, target, patience, pace, where }: Clients): Connection {
  const { account, region, stage } = target;
  const arnOf = (service: string, resource: string): string =>
    `arn:${partitionOf(region).name}:${service}:${region}:${account}:${resource}`;
  return {
    where,
    pace,
    async invoke(functionName, payload) {
      const command = new InvokeCommand({
        FunctionName: arnOf("lambda", `function:promoter-${stage}-${functionName}`),
        Payload: JSON.stringify(payload),
      });
      const { FunctionError, Payload } = await lambda.send(command, {
        requestTimeout: patience(functionName),
      });
      const reply: unknown = JSON.parse(new TextDecoder().decode(Payload));
      if (FunctionError !== undefined) throw refusal(reply);
      return reply;
    },
    async start(input, name) {
      const stateMachineArn = arnOf("states", `stateMachine:promoter-${stage}-promotion`);
      await sfn
        .send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }), {
          requestTimeout: startTimeout,
        })
        .catch((error: unknown) => {
          if (error instanceof ExecutionAlreadyExists) {
            throw new CommandError(`an execution named ${name} already exists`);
          }
          throw error;
        });
    },
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const members = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    members.filter((member): member is [string, string] => typeof member[1] === "string"),
  );
}

/**
 * By Lambda: the function exited, at its time limit or before, and how far it got is unknown.
 * Everything that it does can be repeated.
 */
const lostFunction = /^(?:Runtime\.(?:ExitError|OutOfMemory|Unknown)|Sandbox\.\w+|Extension\.\w+)$/;

/** What a function threw: its own words, and whether trying again can help. */
function refusal(reply: unknown): CommandError {
  const { errorType = "Error", errorMessage = "the function failed without a message" } =
    textsOf(reply);
  const known = Object.hasOwn(errorTable, errorType)
    ? errorTable[errorType as ErrorName]
    : undefined;
  const name = { name: errorType };
  if (lostFunction.test(errorType)) {
    return new CommandError(
      `${errorType}: the function ended before it could answer; ` +
        `check the current state, then rerun the command (${errorMessage})`,
      exitCodes.tryAgain,
      name,
    );
  }
  if (errorType === "NotFound" || errorType === "InvalidInput") {
    return new CommandError(errorMessage, exitCodes.usage, name);
  }
  return new CommandError(
    known ? errorMessage : `${errorType}: ${errorMessage}`,
    known?.retryable ? exitCodes.tryAgain : exitCodes.failed,
    name,
  );
}
