import type { Application } from "../../domain/configuration.ts";
import { canonicalJson } from "../../domain/hash.ts";
import type { CollectedRelease, ReleaseKey } from "../../domain/release.ts";
import type { OpenRelease } from "../../ports/open-work.ts";
import { startRelease } from "../release/start-release.ts";
import type { RepairPorts } from "./repair-ports.ts";

/**
 * A counted push is left alone this long: its own event may still be at work, or the first step of
 * what it started.
 */
const patience = 60_000;

/**
 * So long a version is looked at whose members do not all come, as where every commit builds only
 * what it changed, or whose executions all die before they have a record: each look costs a read. A
 * push of one of them makes it looked at again.
 */
const maxOpenTime = 14 * 24 * 60 * 60_000;

/** Starts what a complete version did not start yet; gives up after two weeks. */
export async function repairRelease(
  { name, application, work }: OpenReleaseIn,
  ports: RepairPorts,
): Promise<readonly string[]> {
  const now = ports.clock.now();
  if (work.since > now - patience) return [];
  const { lines, stays } = application
    ? await startAgain({ application, work }, ports)
    : { lines: [], stays: "belongs to no application of promoter.yml" };
  if (stays === undefined || work.since > now - maxOpenTime) return lines;
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
  ports: RepairPorts,
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
  { openWork, releases, clock }: RepairPorts,
): Promise<void> {
  await openWork.remove(application.name, work);
  const present = await releases.read(release);
  if (present && canonicalJson(present.members) !== canonicalJson(release.members)) {
    await openWork.add(application.name, { ...work, since: clock.now() });
  }
}
