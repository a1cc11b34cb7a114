import type { Observed, Promised } from "./promise.ts";
import { everyEnvironment } from "./whole-sets-only.ts";

/**
 * Once all has come to rest: every promotion has ended and was told, and nothing is held, awaited,
 * listed or open any more.
 */
export const everythingEnds: Promised =
  ({ world }) =>
  async () => [
    ...(await unended(world)),
    ...(await heldLocks(world)),
    ...(await openWork(world)),
    ...(await openWaits(world)),
    ...liveButtons(world),
  ];

type ObservedWorld = Observed["world"];

async function unended({ machine, stores, label }: ObservedWorld): Promise<readonly string[]> {
  const found = await Promise.all(
    machine.executions().map(async ({ id, status }) => {
      const promotion = await stores.promotions.read(id);
      return [
        ...(status === "running" ? [`the execution of ${label(id)} still runs`] : []),
        ...(promotion && promotion.ending === undefined ? [`${label(id)} has no ending`] : []),
        ...(promotion?.ending && !promotion.announced
          ? [`nobody was told how ${label(id)} ended`]
          : []),
        ...(promotion
          ? []
          : status === "failed" || status === "aborted"
            ? []
            : [`${label(id)} has no record, and its execution has ${status}`]),
      ];
    }),
  );
  return found.flat();
}

async function heldLocks({ stores, label }: ObservedWorld): Promise<readonly string[]> {
  const found = await Promise.all(
    everyEnvironment.map(async (key) => {
      const { owner, next, unsettled } = await stores.environments.readLock(key);
      return [
        ...[owner, next].flatMap((one) =>
          one ? [`the lock of ${key.environment} is held by ${label(one.promotion)}`] : [],
        ),
        ...(unsettled ? [`${key.environment} stays unsettled by ${label(unsettled.by)}`] : []),
      ];
    }),
  );
  return found.flat();
}

async function openWork({ stores, label }: ObservedWorld): Promise<readonly string[]> {
  const work = [...(await stores.openWork.listAll()).values()].flat();
  return work.map((one) =>
    one.kind === "promotion"
      ? `${label(one.id)} is still listed as open`
      : `the release ${one.version} is still listed as open`,
  );
}

async function openWaits({ stores, machine, label }: ObservedWorld): Promise<readonly string[]> {
  const waits = await Promise.all(machine.executions().map(({ id }) => stores.waits.read(id)));
  return waits.flatMap((wait) =>
    wait ? [`${label(wait.promotion)} still waits (${wait.kind})`] : [],
  );
}

function liveButtons({ stores, label }: ObservedWorld): readonly string[] {
  const live = stores.messenger.messages().filter(({ closed }) => closed === undefined);
  return live.map(
    ({ ref, question }) =>
      `the message ${ref.id} about ${label(question.promotion.id)} has live buttons`,
  );
}
