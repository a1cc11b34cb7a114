import { readFileSync } from "node:fs";
import { join } from "node:path";
import { maxEvents } from "@promoter/local-cloud/internal/step-functions/executions/history.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadTemplate, type LoadedFunction } from "../../scripts/stack/load-template.ts";
import { maxWaits, maxQuestions } from "../../src/domain/max-waits.ts";
import { observationPause } from "../../src/domain/observation.ts";
import { rulesSchema } from "../../src/domain/rules/index.ts";
import { pauseAfter } from "../../src/promotion/cluster/poll-rollout.ts";
import { maxSleep } from "../../src/promotion/steps/verify-images.ts";
import { manyApplications } from "../unit/scripts/stack/many-applications.ts";
import { root } from "./source-tree.ts";

interface State {
  readonly Type: string;
  readonly TimeoutSeconds?: string | number;
}

const machine = parse(readFileSync(join(root, "statemachines/promotion.asl.yml"), "utf8"), {
  merge: true,
}) as { readonly TimeoutSeconds: number; readonly States: Readonly<Record<string, State>> };
const bounded = Object.entries(machine.States).flatMap(([name, { TimeoutSeconds }]) =>
  typeof TimeoutSeconds === "number" ? [[name, TimeoutSeconds] as const] : [],
);

describe("an answer of a function that gets lost", () => {
  let functions: readonly LoadedFunction[];
  beforeAll(async () => {
    ({ functions } = await loadTemplate({
      root,
      configuration: manyApplications({ applications: 1, repositories: 1 }),
    }));
  });

  it.each(bounded)(
    "is waited for in %s longer than its function may run and start, but not for ever",
    (name, seconds) => {
      const called = functions.find(
        ({ key }) => key === `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      );
      expect(seconds).toBeGreaterThanOrEqual((called?.timeout ?? Infinity) + 60);
      expect(seconds).toBeLessThanOrEqual(900);
    },
  );
});

describe("the longest waits that promoter.yml may ask for", () => {
  const { settle, scan, age, turn, answer, rollout, observe } = maxWaits;

  it("fit together into the time-out of the state machine", () => {
    const all = settle + Math.max(scan, age) + turn + maxQuestions * answer + 2 * rollout + observe;
    expect(machine.TimeoutSeconds * 1000).toBeGreaterThan(all);
  });

  it("fit into the history of an execution, with a fifth to spare for retries and wake-ups", () => {
    const sleeps =
      looks(scan, () => 15 * 60) +
      looks(age - scan, (since) => maxSleep(scan + since * 1000) / 1000);
    const rollouts = 2 * looks(rollout, pauseAfter);
    const observations = looks(observe, observationPause);
    expect(
      sleeps * eventsOfSleep + rollouts * eventsOfLook + observations * eventsOfObservation,
    ).toBeLessThan(maxEvents * 0.8);
  });

  it.each([
    ["age", "31d"],
    ["scan", { wait: "8d" }],
  ])("are as long as %s may be", (rule, value) => {
    expect(rulesSchema.safeParse({ [rule]: value }).error?.issues).toEqual([
      expect.objectContaining({ message: expect.stringContaining("is too long") as unknown }),
    ]);
  });
});

/**
 * Entered, scheduled, started, succeeded, exited; a token adds one; two for a Choice or Wait (Step
 * Functions API reference, HistoryEvent).
 */
const eventsOfLook = 5 + 2 + 2;
/** One of `CheckRollout` and one of `ObserveRelease`, and the Wait between. */
const eventsOfObservation = 5 + 2 + 5 + 2 + 2;
const eventsOfSleep = 5 + 2 + 6;

/**
 * How often one looks in so many milliseconds with a pause, in seconds, that depends on the seconds
 * so far.
 */
function looks(milliseconds: number, pause: (since: number) => number): number {
  let count = 0;
  for (let since = 0; since * 1000 < milliseconds; since += pause(since)) count += 1;
  return count;
}
