import { eventsOf } from "./events.ts";
import { setUpHappenings } from "./happenings.ts";
import { imagesOf } from "./images.ts";
import { modelWorld, start, type ModelOptions, type ModelWorld } from "./model-world.ts";
import { letPeopleVote } from "./people.ts";
import { approvedDigestsOnly } from "./promises/approved-digests-only.ts";
import { claimedWritesOnly } from "./promises/claimed-writes-only.ts";
import { everythingEnds } from "./promises/everything-ends.ts";
import { nothingGrowsWithoutBound } from "./promises/nothing-grows-without-bound.ts";
import { oneWriterAtATime } from "./promises/one-writer-at-a-time.ts";
import { plannedPlacesOnly } from "./promises/planned-places-only.ts";
import type { Promised } from "./promises/promise.ts";
import { whoDecidedIsKnown } from "./promises/who-decided-is-known.ts";
import { everyEnvironment, wholeSetsOnly } from "./promises/whole-sets-only.ts";

export interface Outcome {
  readonly violations: readonly string[];
  /** What happened, in order. */
  readonly lines: readonly string[];
  readonly endings: readonly string[];
  readonly themes: readonly string[];
  /** The names of all that happened by chance, and can be left out. */
  readonly drawn: readonly string[];
  /** Every method that a function called, as `<function> <port>.<method>`. */
  readonly called: ReadonlySet<string>;
}

const promises: Readonly<Record<string, Promised>> = {
  oneWriterAtATime,
  claimedWritesOnly,
  approvedDigestsOnly,
  wholeSetsOnly,
  plannedPlacesOnly,
  everythingEnds,
  nothingGrowsWithoutBound,
  whoDecidedIsKnown,
};
const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * Draws a schedule, carries it out, lets it come to rest, and looks whether everything was kept
 * that was promised.
 */
export async function runSchedule(options: ModelOptions): Promise<Outcome> {
  const world = modelWorld(options);
  const called = new Set<string>();
  world.watchers.push(({ guest, port, method }) => called.add(`${guest.step} ${port}.${method}`));
  const events = eventsOf(world);
  const images = imagesOf(world, events);
  world.endings.push((id, status) => {
    world.log(`the execution of ${world.label(id)} has ${status}`);
    if (status !== "succeeded") {
      events.deliver({
        step: "OnExecutionEnded",
        input: { promotion: id },
        name: `event of the end of ${world.label(id)}`,
        about: id,
      });
    }
  });
  const kept = Object.entries(promises).map(([name, watch]) => ({
    name,
    check: watch({ world, images, events }),
  }));
  setUpHappenings({ world, events, images });
  letPeopleVote(world);
  reconcileEveryFiveMinutes(world);
  await comeToRest(world);
  const found = await Promise.all(
    kept.map(async ({ name, check }) => (await check()).map((one) => `${name}: ${one}`)),
  );
  return {
    violations: [...found.flat(), ...world.broken, ...(await failingRepairs(world))],
    lines: world.lines,
    endings: await endingsOf(world),
    themes: world.chances.themes,
    drawn: world.drawn(),
    called,
  };
}

function reconcileEveryFiveMinutes(world: ModelWorld): void {
  for (let at = 5 * minute; at < world.lastHappening + 30 * minute; at += 5 * minute) {
    world.timeline.after(at, () => void world.invoke("Reconcile", {}));
  }
}

/**
 * Everything that waits is woken, expires or is closed; in the end a person puts in order what was
 * left unsettled.
 */
async function comeToRest(world: ModelWorld): Promise<void> {
  await world.timeline.run(start + world.lastHappening + 30 * minute);
  world.calmDown();
  for (let round = 0; round < 4; round += 1) {
    await reconcileUntilQuiet(world);
    if (!(await resumeUnsettled(world, round))) break;
  }
  // Releases that stay incomplete are left alone after two weeks.
  for (let looked = 0; looked < 4; looked += 1) {
    await world.timeline.run(world.timeline.now() + 4 * day);
    await reconcileOnce(world);
  }
}

async function reconcileUntilQuiet(world: ModelWorld): Promise<void> {
  for (let pause = 5 * minute; ; pause = Math.min(pause * 1.5, 6 * 60 * minute)) {
    await world.timeline.run(world.timeline.now() + pause);
    await reconcileOnce(world);
    const work = [...(await world.stores.openWork.listAll()).values()].flat();
    const isQuiet =
      world.machine.executions().every(({ status }) => status !== "running") &&
      work.every(({ kind }) => kind === "release");
    if (isQuiet || world.timeline.now() > start + 40 * day) return;
  }
}

async function reconcileOnce(world: ModelWorld): Promise<void> {
  void world.invoke("Reconcile", {});
  await world.timeline.run(world.timeline.now() + 10 * minute);
}

async function resumeUnsettled(world: ModelWorld, round: number): Promise<boolean> {
  let any = false;
  for (const key of everyEnvironment) {
    const { unsettled } = await world.stores.environments.readLock(key);
    if (!unsettled) continue;
    any = true;
    const step =
      round > 1 || world.draws(`last word ${key.environment}`).chance(0.5)
        ? "ResumeEnvironment"
        : "RestoreEnvironment";
    for (let call = 0; call < (step === "RestoreEnvironment" ? 4 : 2); call += 1) {
      void world.invoke(step, {
        ...key,
        by: "ZOE",
        ...(step === "ResumeEnvironment" ? { settled: true } : {}),
      });
      await world.timeline.run(world.timeline.now() + 10 * minute);
    }
  }
  return any;
}

/** By now nothing is left that could fail. */
async function failingRepairs(world: ModelWorld): Promise<readonly string[]> {
  const reply = world.invoke("Reconcile", {});
  await world.timeline.run(world.timeline.now() + 10 * minute);
  const { kind, ...failure } = await reply;
  return kind === "ok" ? [] : [`reconcile still fails: ${JSON.stringify(failure).slice(0, 300)}`];
}

async function endingsOf({ machine, stores, label }: ModelWorld): Promise<readonly string[]> {
  return Promise.all(
    machine
      .executions()
      .map(
        async ({ id, status }) =>
          `${label(id)} ${(await stores.promotions.read(id))?.ending ?? `(${status})`}`,
      ),
  );
}
