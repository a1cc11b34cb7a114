import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { retryableErrorNames } from "../../src/domain/errors.ts";
import { endings, isFailure } from "../../src/domain/promotion.ts";
import { root, sourceFiles } from "./source-tree.ts";

interface Retrier { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number; readonly BackoffRate: number; readonly JitterStrategy: string }
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
const machine = parse(readFileSync(join(root, "statemachines/promotion.asl.yml"), "utf8"), { merge: true }) as { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };
const states = Object.entries(machine.States);
const tasks = states.filter(([, { Type }]) => Type === "Task");
const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();

/** Every state that one leads to. */
const targets = ({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] =>
  [Next, Default, ...Choices.map((one) => one.Next), ...Catch.map((one) => one.Next)].filter((name) => name !== undefined);

/** Where a failure leads, by phase: before and while tagging the promotion closes; what touched the cluster is taken back. */
const caught: Readonly<Record<string, string>> = {
  DeployPodSpec: "RollBack", CheckRollout: "RollBack", ClosePromotion: "NotClosed", Announce: "WhichEnding",
};
/** A time-out is no failure: it has a step of its own. */
const timedOut: Readonly<Record<string, string>> = { AwaitFacts: "VerifyImages", AwaitTurn: "ClosePromotion", AwaitVote: "DecideApproval" };

describe("one name per step", () => {
  it.each(tasks)("%s is a function and a step of the same name", (name, { Arguments }) => {
    expect(existsSync(join(root, `functions/${kebab(name)}.ts`))).toBe(true);
    expect(existsSync(join(root, `src/promotion/${kebab(name)}.ts`))).toBe(true);
    expect(Arguments?.FunctionName).toBe(`\${${name}FunctionArn}`);
    expect(readFileSync(join(root, `functions/${kebab(name)}.ts`), "utf8")).toContain(`"${name}"`);
  });

  it("holds for every function: it is a state, or handles an event, an operator's call or a schedule", () => {
    const operations = ["cancel-promotion", "reconcile", "restore-environment", "resume-environment", "retry-promotion"];
    const steps = new Set(tasks.map(([name]) => kebab(name)));
    const others = sourceFiles("functions").map(({ path }) => path.slice("functions/".length, -".ts".length))
      .filter((name) => !steps.has(name) && !/^(?:on|show)-/.test(name) && !operations.includes(name));
    expect(others).toEqual([]);
  });

  it("holds for every function: it hands over to the file of src/promotion of its name", () => {
    const strays = sourceFiles("functions").map(({ path }) => path.slice("functions/".length)).filter((file) => !existsSync(join(root, "src/promotion", file)));
    expect(strays).toEqual([]);
  });
});

describe("retries", () => {
  it.each(tasks)("%s has the standard two", (_, { Retry = [] }) => {
    const [service, ours] = Retry;
    expect(Retry).toHaveLength(2);
    // A function whose time was over, and one whose process ended, such as for want of memory.
    const ended = ["Sandbox.Timedout", "Runtime.ExitError"];
    expect(service?.ErrorEquals.filter((error) => !error.startsWith("Lambda."))).toEqual(ended);
    // "Best practice: handle transient Lambda service exceptions" of the Step Functions developer guide.
    expect(service?.ErrorEquals).toEqual(expect.arrayContaining(["Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"]));
    expect(ours?.ErrorEquals.toSorted()).toEqual(retryableErrorNames.toSorted());
    expect(Retry.every(({ MaxAttempts, BackoffRate, JitterStrategy }) => MaxAttempts >= 3 && BackoffRate > 1 && JitterStrategy === "FULL")).toBe(true);
  });
});

describe("catches", () => {
  it.each(tasks)("%s catches everything and goes where its phase says", (name, { Catch = [] }) => {
    const last = Catch.at(-1);
    expect(last).toMatchObject({ ErrorEquals: ["States.ALL"], Next: caught[name] ?? "ClosePromotion" });
  });

  it.each(tasks)("%s lets a time-out go on where it waits, and nowhere else", (name, { Catch = [], Resource, TimeoutSeconds }) => {
    const waits = Resource?.endsWith(".waitForTaskToken") ?? false;
    expect(waits).toBe(name in timedOut);
    expect(Catch.find(({ ErrorEquals }) => ErrorEquals.includes("States.Timeout"))?.Next).toBe(timedOut[name]);
    expect(typeof TimeoutSeconds).toBe(waits ? "string" : "number");
  });
});

describe("the graph", () => {
  it("reaches every state and leads nowhere else", () => {
    const reached = new Set([machine.StartAt, ...states.flatMap(([, state]) => targets(state))]);
    expect([...reached].toSorted()).toEqual(Object.keys(machine.States).toSorted());
  });

  it("ends in every ending: those that alarms must see as failures, all others as successes", () => {
    const choice = machine.States["WhichEnding"] ?? { Type: "" };
    expect([...new Set(targets(choice))].toSorted()).toEqual(endings.toSorted());
    expect(endings.map((ending) => machine.States[ending]?.Type)).toEqual(endings.map((ending) => (isFailure(ending) ? "Fail" : "Succeed")));
  });

  it("closes and announces before every ending but the one that could not be closed", () => {
    const into = states.filter(([, state]) => targets(state).some((target) => machine.States[target]?.Type === "Succeed" || machine.States[target]?.Type === "Fail")).map(([name]) => name);
    expect(into.toSorted()).toEqual(["ClosePromotion", "WhichEnding"]);
  });
});
