import { describe, expect, it } from "vitest";
import {
  clusterCalls,
  clusterGroups,
  groupNames,
} from "../../src/adapters/kubernetes/cluster-rights.ts";
import { factNames } from "../../src/domain/rules/rule.ts";
import type { Cluster } from "../../src/ports/cluster.ts";
import { methodsOf } from "../../src/ports/ports.ts";
import { tasks } from "../../src/promotion/tasks.ts";
import { drawChances } from "./chances.ts";
import { drawsOf } from "./draws.ts";
import { keptSeeds } from "./kept-seeds.ts";
import type { Length, ModelOptions } from "./model-world.ts";
import { rareCalls } from "./rare-calls.ts";
import { runSchedule, type Outcome } from "./run-schedule.ts";
import { shrink } from "./shrink.ts";

const count = Number(process.env["MODEL_SCHEDULES"] ?? 100);
const length: Length = process.env["MODEL_LENGTH"] === "long" ? "long" : "short";
const first = Number(process.env["MODEL_FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: count }, (_, index) => first + index);
const outcomes: Outcome[] = [];
/** Of the schedules drawn in this run, by seed, so that none is carried out only to be counted. */
const drawnBefore = new Map<number, Outcome>();
/** Of more than these the log would be read by nobody. */
let shown = 0;

/** What went wrong, and what it takes; empty: nothing did. */
async function broken(schedule: ModelOptions): Promise<string> {
  const { seed, length: drawn = "long" } = schedule;
  const outcome = await runSchedule(schedule);
  outcomes.push(outcome);
  if (schedule.length === length) drawnBefore.set(seed, outcome);
  if (outcome.violations.length === 0) return "";
  const headline = `MODEL_FIRST_SEED=${seed} MODEL_SCHEDULES=1 MODEL_LENGTH=${drawn} (${outcome.themes.join(", ")}):\n${outcome.violations.join("\n")}`;
  if ((shown += 1) > 3) return headline;
  const { violations, left, lines } = await shrink(schedule, outcome);
  return [
    headline,
    `\nIt takes ${left.length} of ${outcome.drawn.length}: ${left.join("; ")}`,
    ...violations,
    "",
    ...lines.slice(-200),
  ].join("\n");
}

async function outcomeOf(seed: number): Promise<Outcome> {
  return drawnBefore.get(seed) ?? (await runSchedule({ seed, length }));
}

describe("schedules that once broke a promise", () => {
  it.each(keptSeeds)("keep it now: $seed, $was", async ({ seed }) => {
    expect(await broken({ seed, shapes: false })).toBe("");
  });
});

describe("whatever happens, every promise is kept", () => {
  it.each(seeds)("in schedule %i", async (seed) => {
    expect(await broken({ seed, length })).toBe("");
  });
});

describe("the model", () => {
  it("draws the same schedule for the same seed", async () => {
    const [one, other] = [await outcomeOf(first), await runSchedule({ seed: first, length })];
    expect(one.lines.length).toBeGreaterThan(20);
    expect(one.lines).toEqual(other.lines);
  });

  it.runIf(count >= 100)("draws every kind of fault, and promotions that end in every way", () => {
    const lines = outcomes.flatMap((outcome) => outcome.lines);
    const missing = kinds.filter((kind) => !lines.some((line) => line.includes(kind)));
    expect(missing).toEqual([]);
    const endings = new Set(
      outcomes.flatMap((outcome) => outcome.endings.map((ending) => ending.split(" ")[1])),
    );
    expect([...usual].filter((ending) => !endings.has(ending))).toEqual([]);
  });

  it.runIf(count >= 100)("calls every method that a task declares, and no other", async () => {
    const declared = Object.values(tasks).flatMap(({ name, needs }) =>
      needs.flatMap((need) => methodsOf(need, factNames).map((method) => `${name} ${method}`)),
    );
    const called = new Set<string>();
    const inClusters = new Set<string>();
    const note = (calls: Iterable<string>): void => {
      for (const call of calls) {
        called.add(asConnection(call));
        if (call.includes(" cluster.")) inClusters.add(call);
      }
    };
    const missing = (): readonly string[] => declared.filter((one) => !called.has(one));
    for (const outcome of outcomes) note(outcome.called);
    note(await rareCalls());
    // Other seeds than the usual ones may leave some out, and then the usual ones are drawn too.
    for (let seed = 1; seed <= 100 && missing().length > 0; seed += 1) {
      note((await outcomeOf(seed)).called);
    }
    expect([...called].filter((one) => !declared.includes(one) && !isGiven(one))).toEqual([]);
    expect(missing()).toEqual([]);
    expect([...inClusters].filter((call) => takesRights(call) && !isGranted(call))).toEqual([]);
    expect(granted.filter((calls) => !calls.some((call) => inClusters.has(call)))).toEqual([]);
  });

  it("promotes when nothing goes wrong and no one objects", async () => {
    const unopposed: Outcome[] = [];
    for (const seed of seedsOf("calm", 60)) {
      const outcome = await outcomeOf(seed);
      if (!outcome.endings.some(isOpposed)) unopposed.push(outcome);
      if (unopposed.length === 5) break;
    }
    const promoted = unopposed.flatMap(({ endings }) => endings.filter(isPromoted));
    expect(unopposed).toHaveLength(5);
    expect(promoted.length).toBeGreaterThanOrEqual(5);
  });
});

/** A connected cluster is reached by `clusters.connect` alone. */
const asConnection = (call: string): string =>
  call.replace(/ (?:cluster\.\w+|clusters\.connect)$/, " clusters.connect");

/** Every method that needs a right in a cluster, with the tasks of each group that has it. */
const granted = Object.entries(clusterCalls).flatMap(([method, callers]) =>
  groupNames
    .filter((group) => callers[group])
    .map((group) => clusterGroups[group].map((task) => `${task} cluster.${method}`)),
);

const isGranted = (call: string): boolean => granted.some((calls) => calls.includes(call));

/** A method that takes no rights is open to every task. */
const takesRights = (call: string): boolean =>
  Object.keys(clusterCalls[call.slice(call.indexOf(".") + 1) as keyof Cluster]).length > 0;

const isGiven = (call: string): boolean => / (?:clock|configurations|hash|pause)\./.test(call);

/** By whoever was asked: they rejected it, or said nothing until the question expired. */
function isOpposed(ending: string): boolean {
  return / (?:Rejected|Expired)$/.test(ending);
}

function isPromoted(ending: string): boolean {
  return ending.endsWith(" Promoted");
}

const usual = [
  "Promoted",
  "AlreadyPromoted",
  "Planned",
  "Incomplete",
  "Refused",
  "Rejected",
  "Expired",
  "Superseded",
  "Cancelled",
  "RolledBack",
  "Failed",
];
const kinds = [
  ": lost",
  ": unheard",
  ": late",
  ": twice",
  ": refused",
  ": answer lost",
  ": effect late",
  ": effect twice",
  ": answer slow",
  ": sent slowly",
  ": dies before",
  ": dies after",
  ": dies meanwhile",
  "stops the execution",
  "cancels",
  "deployed",
  "is down",
  "starts",
  "tries",
  "says ResumeEnvironment",
  "says RestoreEnvironment",
  "approves",
  "rejects",
  "MALLORY",
];

/** The first seeds whose schedules have that theme. */
function seedsOf(theme: string, many: number): readonly number[] {
  const all = Array.from({ length: 1_000 }, (_, index) => first + index);
  return all
    .filter((seed) =>
      drawChances(seed, drawsOf(seed)("themes")).themes.some((one) => one === theme),
    )
    .slice(0, many);
}
