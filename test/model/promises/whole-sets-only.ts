import type { Lock } from "../../../src/domain/lock.ts";
import type { Plan } from "../../../src/domain/plan.ts";
import type { Ending, Promotion } from "../../../src/domain/promotion.ts";
import { environmentNames, namespaceOf } from "../deployment.ts";
import { digestsIn } from "../images.ts";
import { environmentOf } from "./one-writer-at-a-time.ts";
import type { Observed, Promised } from "./promise.ts";

/** What runs and what is tagged is all of one release, or somebody was told that it is not. */
export const wholeSetsOnly: Promised = (observed) => {
  const { world } = observed;
  const writers = new Map<string, string[]>();
  const before = new Map<string, readonly string[]>();
  const told = new Set<string>();
  world.watchers.push((effect) => {
    const {
      guest: { promotion },
      port,
      method,
      args,
      result,
    } = effect;
    if (
      port === "environments" &&
      method === "writeLock" &&
      result === true &&
      (args[1] as Lock).unsettled
    ) {
      told.add((args[1] as Lock).unsettled?.by ?? "");
    }
    if (
      port === "promotions" &&
      method === "storeSnapshot" &&
      promotion !== undefined &&
      result === true
    ) {
      before.set(promotion, snapshotted(args[1]));
    }
    const environment = environmentOf(effect);
    if (environment === undefined || promotion === undefined) return;
    const list = writers.get(environment) ?? [];
    writers.set(environment, [...list.filter((one) => one !== promotion), promotion]);
  });
  return async () => {
    const found = await Promise.all(
      [...writers].map(([environment, ids]) => check({ observed, environment, ids, before, told })),
    );
    return found.flat();
  };
};

function snapshotted(snapshot: unknown): readonly string[] {
  return digestsIn(snapshot).toSorted();
}

interface Checking {
  readonly observed: Observed;
  readonly environment: string;
  /** Who wrote, the last one last. */
  readonly ids: readonly string[];
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Those that left the environment unsettled, which is told. */
  readonly told: ReadonlySet<string>;
}

async function check({
  observed: { world },
  environment,
  ids,
  before,
  told,
}: Checking): Promise<readonly string[]> {
  const id = ids.at(-1) ?? "";
  const promotion = await world.stores.promotions.read(id);
  if (!promotion || told.has(id)) return [];
  const plan = (await world.stores.promotions.readPlan(id, promotion.plan ?? ""))?.plan;
  const tagged = promotion.ending === "Promoted" ? tagFaults(world, plan) : [];
  if (plan?.cluster === undefined) return tagged;
  const running = runningIn(world, environment);
  const expected = expectedAfter(promotion, before.get(id));
  const faults =
    expected === undefined || expected.join() === running.join()
      ? []
      : [
          `${environment} runs ${short(running)} after ${world.label(id)} ended as ${promotion.ending}, and ${short(expected)} was to be expected`,
        ];
  return [...faults, ...tagged];
}

function runningIn({ stores }: Observed["world"], environment: string): readonly string[] {
  return stores.cluster
    .objects()
    .filter(({ metadata }) => metadata.namespace === namespaceOf(environment))
    .flatMap(digestsIn)
    .toSorted();
}

/** undefined: it did not touch the cluster, or nobody can say. */
function expectedAfter(
  { ending, progress, members = [] }: Promotion,
  before: readonly string[] | undefined,
): readonly string[] | undefined {
  const itself = members.map(({ digest }) => digest as string).toSorted();
  const byEnding: Partial<Record<Ending, readonly string[] | undefined>> = {
    Promoted: itself,
    RolledBack: before,
  };
  if (ending === "Failed") return progress === "rolled-out" ? itself : undefined;
  return ending && byEnding[ending];
}

function tagFaults({ stores }: Observed["world"], plan: Plan | undefined): readonly string[] {
  const { version, members = [] } = plan ?? {};
  return members.flatMap(({ repository, digest, releaseTag, movingTag }) =>
    [releaseTag ?? [], movingTag ?? []].flat().flatMap((tag) => {
      const found = stores.registry.tagsOf(repository).get(tag);
      return found === digest
        ? []
        : [
            `${repository}:${tag} is ${found?.slice(0, 15)} after ${version} (${digest.slice(0, 15)}) was Promoted`,
          ];
    }),
  );
}

function short(digests: readonly string[]): string {
  return `[${digests.map((digest) => digest.slice(7, 15)).join(", ")}]`;
}

/** For those that go over all environments. */
export const everyEnvironment = environmentNames.map((environment) => ({
  application: "shop",
  environment,
}));
