import type { Application } from "../domain/configuration.ts";
import { canonicalJson } from "../domain/hash.ts";
import { ownEntry } from "../domain/own-entry.ts";
import type { EnvironmentKey, Promotion } from "../domain/promotion.ts";
import type { CollectedRelease, ReleaseKey } from "../domain/release.ts";
import type { Approvals } from "../ports/approvals.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { OpenPromotion, OpenRelease, Work } from "../ports/open-work.ts";
import { announce } from "./announce.ts";
import { voteIsOver } from "./await-vote.ts";
import { factsHaveMoved, isOver, turnHasCome } from "./has-happened.ts";
import type { SettlePorts } from "./on-execution-ended.ts";
import { setAside } from "./set-aside.ts";
import { settleEnded } from "./settle-ended.ts";
import type { StartPorts } from "./start-promotion.ts";
import { startRelease } from "./start-release.ts";
import type { StepResult } from "./step-result.ts";
import { together } from "./together.ts";
import { wake } from "./wake.ts";

export type ReconcilePorts = SettlePorts &
  StartPorts & {
    readonly configurations: Configurations;
    readonly approvals: Pick<Approvals, "read">;
  };

/**
 * A counted push is left alone this long: its own event may still be at work, or the first step of
 * what it started.
 */
const patience = 60_000;

/**
 * Of the promotions of an environment that ended last, these may have a wait left: no function is
 * later than that.
 */
const mostEnded = 10;
const longestLate = 60 * 60_000;

const longestFirstStep = 2 * 60 * 60_000;

/**
 * So long a version is looked at whose members do not all come, as where every commit builds only
 * what it changed, or whose executions all die before they have a record: each look costs a read. A
 * push of one of them makes it looked at again.
 */
const longestOpen = 14 * 24 * 60 * 60_000;

/**
 * Repairs what lost events and killed functions left behind; all of it idempotent. One faulty
 * promotion does not stop the others: what may succeed later is told together in the end, by one
 * error with the name of the first, and what trying again does not mend is told once.
 */
export async function reconcile(ports: ReconcilePorts): Promise<StepResult<"reconciled">> {
  const [{ applications }, open] = await Promise.all([
    ports.configurations.read(),
    ports.openWork.listAll(),
  ]);
  const configured = Object.values(applications).map((application) => ({
    name: application.name,
    application,
    work: open.get(application.name) ?? [],
  }));
  const others = [...open].flatMap(([name, work]) =>
    ownEntry(applications, name) ? [] : [{ name, application: undefined, work }],
  );
  const repaired = (
    await Promise.all([
      ...configured.map((one) => reconcileApplication(one, ports)),
      reconcileOthers(others, ports),
    ])
  ).flat();
  const aside = repaired.flatMap((one) => one.aside);
  const failures = repaired.flatMap((one) => one.failures);
  if (failures.length > 0) {
    throw together(
      [...failures, ...aside.map((line) => new Error(line))],
      `${failures.length} repairs failed`,
    );
  }
  return { outcome: "reconciled", reasons: [...aside, ...repaired.flatMap(({ done }) => done)] };
}

interface Repaired {
  readonly done: readonly string[];
  /** What was set aside just now: comes first, because the log takes only so many lines. */
  readonly aside: readonly string[];
  readonly failures: readonly unknown[];
}

interface Repair {
  readonly run: () => Promise<readonly string[]>;
  /** Takes the note that it cannot be repaired; undefined: there is nothing to note. */
  readonly work: () => Promise<Work | undefined>;
}

interface OpenIn {
  readonly name: string;
  /** undefined: promoter.yml does not know it, or no longer; what is open in it ends all the same. */
  readonly application: Application | undefined;
  readonly work: readonly Work[];
}

/** One after the other: there may be as many as people could think of names. */
async function reconcileOthers(
  others: readonly OpenIn[],
  ports: ReconcilePorts,
): Promise<readonly Repaired[]> {
  const repaired: Repaired[] = [];
  for (const one of others) repaired.push(await reconcileApplication(one, ports));
  return repaired;
}

/**
 * Piece by piece, so that what cannot be repaired now keeps nothing else of the application
 * waiting.
 */
async function reconcileApplication(open: OpenIn, ports: ReconcilePorts): Promise<Repaired> {
  const repaired: Repaired[] = [];
  for (const repair of repairsOf(open, ports)) {
    repaired.push(await attempt(repair, open.name, ports));
  }
  return {
    done: repaired.flatMap(({ done }) => done),
    aside: repaired.flatMap(({ aside }) => aside),
    failures: repaired.flatMap(({ failures }) => failures),
  };
}

const nothing: Repaired = { done: [], aside: [], failures: [] };

async function attempt(
  { run, work }: Repair,
  application: string,
  ports: ReconcilePorts,
): Promise<Repaired> {
  try {
    return { ...nothing, done: await run() };
  } catch (error) {
    return setAsideOrFail(work, { application, error }, ports);
  }
}

async function setAsideOrFail(
  work: Repair["work"],
  { application, error }: { readonly application: string; readonly error: unknown },
  ports: ReconcilePorts,
): Promise<Repaired> {
  try {
    const noted = await work();
    return noted
      ? { ...nothing, aside: await setAside({ application, work: noted, error }, ports) }
      : { ...nothing, failures: [error] };
  } catch (unnoted) {
    return { ...nothing, failures: [unnoted] };
  }
}

function repairsOf({ name, application, work }: OpenIn, ports: ReconcilePorts): readonly Repair[] {
  const environments = Object.keys(application?.environments ?? {}).map((environment) => ({
    application: name,
    environment,
  }));
  return [
    ...work.map((one) => ({
      work: async () => one,
      run: () =>
        one.kind === "promotion"
          ? reconcilePromotion(one, { name, ports })
          : reconcileRelease({ name, application, work: one }, ports),
    })),
    ...environments.map((key) => ({
      work: () => workOfOwner(key, ports),
      run: () => reconcileLock(key, ports),
    })),
    ...environments.map((key) => ({
      work: async () => undefined,
      run: () => removeWaits(key, ports),
    })),
  ];
}

/** An await that was late, and died before it saw that its promotion had ended, left a token. */
async function removeWaits(
  key: EnvironmentKey,
  { promotions, waits, clock }: ReconcilePorts,
): Promise<readonly string[]> {
  const { entries } = await promotions.history(key, { limit: mostEnded });
  const ended = entries.filter(({ closedAt }) => closedAt > clock.now() - longestLate);
  const removed = await Promise.all(
    ended.map(async ({ id }) => {
      const wait = await waits.read(id);
      if (wait) await waits.remove(id, wait.token);
      return wait ? [`${id} waits no more`] : [];
    }),
  );
  return removed.flat();
}

/**
 * A promotion that ended is no open work; where it cannot leave its environment it becomes such
 * again.
 */
async function workOfOwner(
  key: EnvironmentKey,
  { environments, openWork, clock }: ReconcilePorts,
): Promise<OpenPromotion | undefined> {
  const { owner } = await environments.readLock(key);
  if (!owner) return undefined;
  const open = (await openWork.list(key.application)).find(
    (one): one is OpenPromotion => one.kind === "promotion" && one.id === owner.promotion,
  );
  return (
    open ?? {
      kind: "promotion",
      id: owner.promotion,
      environment: key.environment,
      version: owner.version,
      since: clock.now(),
    }
  );
}

/**
 * A step that was on its way while its promotion was closed may have taken the lock afterwards;
 * that promotion is no open work any more.
 */
async function reconcileLock(
  key: EnvironmentKey,
  ports: ReconcilePorts,
): Promise<readonly string[]> {
  const { owner } = await ports.environments.readLock(key);
  const promotion = owner && (await ports.promotions.read(owner.promotion));
  if (!promotion?.ending) return [];
  await settleEnded(promotion.id, ports);
  return [`${promotion.id} left ${key.environment}`];
}

interface Reconciling {
  /** Of the application. */
  readonly name: string;
  readonly ports: ReconcilePorts;
}

async function reconcilePromotion(
  work: OpenPromotion,
  { name, ports }: Reconciling,
): Promise<readonly string[]> {
  const { id } = work;
  const settled = await settleEnded(id, ports);
  if (settled === "closed") {
    const { outcome } = await announce({ promotion: id }, ports);
    return [`${id} closed as ${outcome}`];
  }
  if (settled === "unknown") return forgetUnopened(work, { name, ports });
  const promotion = await ports.promotions.read(id);
  if (!promotion || !(await hasMovedOn(promotion, ports))) return [];
  return (await wake(ports, id)) ? [`${id} woken`] : [];
}

/**
 * Its execution died in the first step, between the open work and the record. Nine tries of five
 * minutes with their pauses take an hour, and a function that was given up may write the record
 * even later; it must not find its open work gone.
 */
async function forgetUnopened(
  { id, since }: OpenPromotion,
  { name, ports }: Reconciling,
): Promise<readonly string[]> {
  const now = ports.clock.now();
  if (now < since + longestFirstStep) return [];
  if (!isOver({ openedAt: since }, await ports.workflow.status(id), now)) return [];
  await ports.openWork.remove(name, { kind: "promotion", id });
  return [`${id} forgotten: it never opened`];
}

async function hasMovedOn(promotion: Promotion, ports: ReconcilePorts): Promise<boolean> {
  const wait = await ports.waits.read(promotion.id);
  if (!wait) return false;
  if (promotion.cancel) return true;
  switch (wait.kind) {
    case "facts":
      return factsHaveMoved(promotion);
    case "turn":
      return turnHasCome(promotion, await ports.environments.readLock(promotion));
    case "vote":
      return voteIsOver(promotion, ports);
    default:
      return wait.kind satisfies never;
  }
}

/** Gives up after two weeks. */
async function reconcileRelease(
  { name, application, work }: OpenReleaseIn,
  ports: ReconcilePorts,
): Promise<readonly string[]> {
  const now = ports.clock.now();
  if (work.since > now - patience) return [];
  const { lines, stays } = application
    ? await startAgain({ application, work }, ports)
    : { lines: [], stays: "belongs to no application of promoter.yml" };
  if (stays === undefined || work.since > now - longestOpen) return lines;
  await ports.openWork.remove(name, work);
  return [...lines, `${name} ${work.version} ${stays} and is left alone`];
}

interface OpenReleaseIn {
  readonly name: string;
  readonly application: Application | undefined;
  readonly work: OpenRelease;
}

interface StartedAgain {
  readonly lines: readonly string[];
  /** Why it stays open work; undefined: it does not. */
  readonly stays: string | undefined;
}

async function startAgain(
  { application, work }: ReconcilingRelease,
  ports: ReconcilePorts,
): Promise<StartedAgain> {
  const key = { application: application.name, version: work.version };
  const release = (await ports.releases.read(key)) ?? uncounted(key);
  const start = await startRelease({ application, release, repeated: true }, ports);
  if (start.kind === "incomplete") return { lines: [], stays: "stayed incomplete" };
  const lines = start.started.flatMap(({ kind, promotion }) =>
    kind === "started" ? [`${promotion} started late`] : [],
  );
  if (start.started.some(({ kind }) => kind !== "duplicate")) {
    return { lines, stays: "has no record of its promotions after two weeks" };
  }
  await forgetRelease({ application, work, release }, ports);
  return { lines, stays: undefined };
}

/** Whoever handled its pushes died each time before they were counted. */
function uncounted(key: ReleaseKey): CollectedRelease {
  return {
    ...key,
    members: {},
    firstSeen: 0,
    settlesAt: undefined,
    final: undefined,
    attempts: {},
  };
}

interface ReconcilingRelease {
  readonly application: Application;
  readonly work: OpenRelease;
}

/**
 * Every promotion of it has a record. A push that was counted since found the version still open,
 * so this looks once more.
 */
async function forgetRelease(
  { application, work, release }: ReconcilingRelease & { readonly release: CollectedRelease },
  { openWork, releases, clock }: ReconcilePorts,
): Promise<void> {
  await openWork.remove(application.name, work);
  const present = await releases.read(release);
  if (present && canonicalJson(present.members) !== canonicalJson(release.members)) {
    await openWork.add(application.name, { ...work, since: clock.now() });
  }
}
