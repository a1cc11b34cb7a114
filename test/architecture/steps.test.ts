import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadDefinition } from "@promoter/local-cloud/internal/step-functions/definition/load-definition.ts";
import type { TaskState } from "@promoter/local-cloud/internal/step-functions/definition/state-machine.ts";
import { decideRetry } from "@promoter/local-cloud/internal/step-functions/interpreter/decide-retry.ts";
import { StateFailure } from "@promoter/local-cloud/internal/step-functions/interpreter/state-failure.ts";
import { evaluateTemplate } from "@promoter/local-cloud/internal/step-functions/query/template.ts";
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { errorTable, retryableErrorNames, type ErrorName } from "../../src/domain/errors.ts";
import { endings, isFailure } from "../../src/domain/promotion.ts";
import { tasks as declared } from "../../src/promotion/tasks.ts";
import { failureSchema } from "../../src/runtime/step-schemas.ts";
import { root, sourceFiles } from "./source-tree.ts";

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly JitterStrategy: string;
}
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Error?: string;
  readonly TimeoutSeconds?: string | number;
  readonly Arguments?: { readonly FunctionName: string };
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Choices?: readonly { readonly Next: string }[];
}

// Merged keys and anchors are resolved, so that a Retry is what the service will see.
const machine = parse(readFileSync(join(root, "statemachines/promotion.asl.yml"), "utf8"), {
  merge: true,
}) as { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };
const states = Object.entries(machine.States);
const tasks = states.filter(([, { Type }]) => Type === "Task");
/** As Step Functions has it, once the placeholders are filled in. */
const graph = loadDefinition(JSON.stringify(machine).replaceAll("${Partition}", "aws")).states;
const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();

/** Every state that one leads to. */
const targets = ({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] =>
  [Next, Default, ...Choices.map((one) => one.Next), ...Catch.map((one) => one.Next)].filter(
    (name) => name !== undefined,
  );

/**
 * Where a failure leads, by phase: before and while tagging the promotion closes; what touched the
 * cluster is taken back.
 */
const caught: Readonly<Record<string, string>> = {
  DeployPodSpec: "RollBack",
  CheckRollout: "RollBack",
  ObserveRelease: "RollBack",
  ClosePromotion: "NotClosed",
  Announce: "WhichEnding",
};
/** A time-out is no failure: it has a step of its own. */
const timedOut: Readonly<Record<string, string>> = {
  AwaitFacts: "VerifyImages",
  AwaitTurn: "ClosePromotion",
  AwaitVote: "DecideApproval",
};

describe("one name per step", () => {
  it.each(tasks)("%s is a function and a step of the same name", (name, { Arguments }) => {
    expect(existsSync(join(root, `functions/${kebab(name)}.ts`))).toBe(true);
    expect(existsSync(join(root, `src/promotion/steps/${kebab(name)}.ts`))).toBe(true);
    expect(Arguments?.FunctionName).toBe(`\${${name}FunctionArn}`);
    expect(declared[name[0]?.toLowerCase() + name.slice(1)]?.name).toBe(name);
    expect(readFileSync(join(root, `functions/${kebab(name)}.ts`), "utf8")).toContain(
      `promotion/steps/${kebab(name)}.ts"`,
    );
  });

  it("holds the other way round: the room of the steps has the Tasks, and nothing else", () => {
    const steps = sourceFiles("src/promotion/steps").map(({ path }) => basename(path, ".ts"));
    expect(steps.toSorted()).toEqual(tasks.map(([name]) => kebab(name)).toSorted());
  });

  it("holds for every function: it hands over to a step, an event or an operation of its name", () => {
    const rooms = ["steps", "events", "operations"];
    const strays = sourceFiles("functions")
      .map(({ path }) => basename(path))
      .filter((file) => !rooms.some((one) => existsSync(join(root, "src/promotion", one, file))));
    expect(strays).toEqual([]);
  });
});

const waits = (name: string): boolean => name in timedOut;

/** Whether the interpreter tries again after the first failure of this name. */
const isRetried = (state: string, error: string | undefined): boolean => {
  const { retry } = graph.get(state) as TaskState;
  return (
    decideRetry(retry, new StateFailure(error, undefined), { counts: [], random: () => 0 }) !==
    undefined
  );
};

describe("retries", () => {
  const names = Object.keys(errorTable);
  const invokeErrors = [
    ...readFileSync(
      join(root, "node_modules/@aws-sdk/client-lambda/dist-types/commands/InvokeCommand.d.ts"),
      "utf8",
    ).matchAll(/@throws \{@link (\w+Exception)\}/g),
  ].map(([, name]) => `Lambda.${name}`);

  it.each(tasks)(
    "%s has the standard ones, and the one of a lost answer unless it waits",
    (name, { Retry = [] }) => {
      const standard = machine.States["ResolveRelease"]?.Retry ?? [];
      expect(Retry).toEqual(waits(name) ? standard.slice(0, -1) : standard);
      expect(
        Retry.filter(({ MaxAttempts }) => MaxAttempts !== 0).every(
          ({ BackoffRate, JitterStrategy }) => BackoffRate > 1 && JitterStrategy === "FULL",
        ),
      ).toBe(true);
    },
  );

  it.each(tasks)("%s gives up at once what no second try mends, and nothing else", (name) => {
    const permanent = names.filter((one) => !errorTable[one as ErrorName].retryable);
    expect([...names, "States.DataLimitExceeded"].filter((one) => !isRetried(name, one))).toEqual([
      ...permanent,
      "States.DataLimitExceeded",
    ]);
    assert(
      property(
        string().filter((one) => !names.includes(one) && !one.startsWith("States.")),
        (error) => isRetried(name, error),
      ),
    );
    expect(isRetried(name, undefined)).toBe(true);
    expect(isRetried(name, "States.Timeout")).toBe(!waits(name));
  });

  it("names what is ours in full", () => {
    const [permanent, transient] = machine.States["ResolveRelease"]?.Retry ?? [];
    expect(permanent).toEqual({
      ErrorEquals: [
        ...names.filter((one) => !errorTable[one as ErrorName].retryable),
        "States.DataLimitExceeded",
      ],
      MaxAttempts: 0,
    });
    expect(transient?.ErrorEquals.toSorted()).toEqual(retryableErrorNames.toSorted());
  });

  it.each(tasks)("%s tries again whatever Lambda's Invoke may answer", (name) => {
    expect(invokeErrors.length).toBeGreaterThan(40);
    expect(invokeErrors.filter((one) => !isRetried(name, one))).toEqual([]);
  });

  // Names: Step Functions developer guide "bp-lambda-serviceexception"; Lambda API reference, Invoke; facts of users for the processes' own.
  it("has most patience with what passes: the service, a function that is changed, a process that died", () => {
    const passing = [
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.ClientExecutionTimeoutException",
      "Lambda.TooManyRequestsException",
      "Lambda.ResourceConflictException",
      "Lambda.ResourceNotReadyException",
      "Lambda.EC2ThrottledException",
      "Lambda.ENILimitReachedException",
      "Lambda.Unknown",
      "Runtime.OutOfMemory",
      "Runtime.ExitError",
      "Sandbox.Timedout",
      "Extension.Crash",
    ];
    const patient = machine.States["ResolveRelease"]?.Retry?.find(({ ErrorEquals }) =>
      ErrorEquals.includes("Lambda.ServiceException"),
    );
    expect(patient?.MaxAttempts).toBeGreaterThanOrEqual(6);
    expect(passing.filter((one) => !patient?.ErrorEquals.includes(one))).toEqual([]);
  });
});

describe("partitions", () => {
  it("stand nowhere in the definition", () => {
    expect(readFileSync(join(root, "statemachines/promotion.asl.yml"), "utf8")).not.toMatch(
      /arn:aws/,
    );
    expect(new Set(tasks.map(([, { Resource }]) => Resource))).toEqual(
      new Set([
        "arn:${Partition}:states:::lambda:invoke",
        "arn:${Partition}:states:::lambda:invoke.waitForTaskToken",
      ]),
    );
  });
});

describe("catches", () => {
  it.each(tasks)("%s catches everything and goes where its phase says", (name, { Catch = [] }) => {
    const last = Catch.at(-1);
    expect(last).toMatchObject({
      ErrorEquals: ["States.ALL"],
      Next: caught[name] ?? "ClosePromotion",
    });
  });

  it.each(tasks)(
    "%s catches a result that is too large by its name too, whether States.ALL would or not",
    (_, { Catch = [] }) => {
      const { ErrorEquals: _all, ...whatever } = Catch.at(-1) ?? { ErrorEquals: [] };
      expect(
        Catch.filter(({ ErrorEquals }) => ErrorEquals.includes("States.DataLimitExceeded")),
      ).toEqual([{ ErrorEquals: ["States.DataLimitExceeded"], ...whatever }]);
    },
  );

  const outputs = tasks.flatMap(([name]) =>
    (graph.get(name) as TaskState).catch.map((catcher, index) => ({ name, index, catcher })),
  );
  it.each([
    [null, null],
    ["", ""],
    ["E", null],
    ["E", "cause"],
    ["E".repeat(300), "c".repeat(32_768)],
    [undefined, undefined],
    [7, { a: 1 }],
    [["a"], true],
  ])("bear an error %o with the cause %o", async (Error, Cause) => {
    const bindings = {
      input: { outcome: "x" },
      context: { State: { Name: "Here" }, Execution: { Name: "p" } },
      errorOutput: JSON.parse(JSON.stringify({ Error, Cause })) as unknown,
    };
    for (const { catcher } of outputs) {
      const output =
        catcher.output && (await evaluateTemplate(catcher.output, { states: bindings }));
      if (typeof output !== "object" || output === null || !("failure" in output)) continue;
      const failure = failureSchema.parse(output["failure"]);
      expect(failure.error).toBe(
        typeof Error === "string" && Error !== "" ? Error.slice(0, 256) : "States.TaskFailed",
      );
      expect(failure.message).toBe(typeof Cause === "string" ? Cause.slice(0, 2000) : "");
    }
  });

  it.each(tasks)(
    "%s lets a time-out go on where it waits, and nowhere else",
    (name, { Catch = [], Resource, TimeoutSeconds }) => {
      expect(Resource?.endsWith(".waitForTaskToken") ?? false).toBe(waits(name));
      expect(Catch.find(({ ErrorEquals }) => ErrorEquals.includes("States.Timeout"))?.Next).toBe(
        timedOut[name],
      );
      expect(typeof TimeoutSeconds).toBe(waits(name) ? "string" : "number");
    },
  );
});

describe("the graph", () => {
  it("reaches every state and leads nowhere else", () => {
    const reached = new Set([machine.StartAt, ...states.flatMap(([, state]) => targets(state))]);
    expect([...reached].toSorted()).toEqual(Object.keys(machine.States).toSorted());
  });

  it("ends in every ending: those that alarms must see as failures, all others as successes", () => {
    const choice = machine.States["WhichEnding"] ?? { Type: "" };
    expect([...new Set(targets(choice))].toSorted()).toEqual(endings.toSorted());
    expect(endings.map((ending) => machine.States[ending]?.Type)).toEqual(
      endings.map((ending) => (isFailure(ending) ? "Fail" : "Succeed")),
    );
  });

  it("closes and announces before every ending but the one that could not be closed", () => {
    const into = states
      .filter(([, state]) =>
        targets(state).some(
          (target) =>
            machine.States[target]?.Type === "Succeed" || machine.States[target]?.Type === "Fail",
        ),
      )
      .map(([name]) => name);
    expect(into.toSorted()).toEqual(["ClosePromotion", "WhichEnding"]);
  });
});
