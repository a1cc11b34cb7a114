import type { Application } from "../../domain/configuration.ts";
import { canonicalJson } from "../../domain/hash.ts";
import type { CollectedRelease, ReleaseKey } from "../../domain/release.ts";
import type { OpenRelease } from "../../ports/open-work.ts";
import { startRelease } from "../release/start-release.ts";
import type { RepairPorts } from "./repair-ports.ts";

/**
 * A counted push is left alone this long: its own handler may still be running, or the first step
 * of what it started.
 */
const patience = 60_000;

/**
 * How long a version is checked whose members never all arrive (where every commit builds only what
 * it changed), or whose executions all die before they have a record: each check costs a read. A
 * push of a member starts this time again.
 */
const maxOpenTime = 14 * 24 * 60 * 60_000;

/** Starts what a complete version did not start yet; gives up after two weeks. */
export async function repairRelease(
  {
    name,
    application,
    work,
  }: {
    readonly name: string;
    readonly application: Application | undefined;
    readonly work: OpenRelease;
  },
  ports: RepairPorts,
): Promise<readonly string[]> {
  const now = ports.clock.now();
  if (work.since > now - patience) return [];
  const { lines, stays } = application
    ? await restart({ application, work }, ports)
    : { lines: [], stays: "belongs to no application of promoter.yml" };
  if (stays === undefined || work.since > now - maxOpenTime) return lines;
  await ports.openWork.remove(name, work);
  return [...lines, `${name} ${work.version} ${stays} and is left alone`];
}

interface RestartReport {
  readonly lines: readonly string[];
  /** Why it stays open work; undefined: it does not. */
  readonly stays: string | undefined;
}

async function restart(
  { application, work }: { readonly application: Application; readonly work: OpenRelease },
  ports: RepairPorts,
): Promise<RestartReport> {
  const key = { application: application.name, version: work.version };
  const release = (await ports.releases.read(key)) ?? uncountedRelease(key);
  const start = await startRelease({ application, release, repeated: true }, ports);
  if (start.kind === "incomplete") return { lines: [], stays: "stayed incomplete" };
  const lines = start.started.flatMap(({ kind, promotion }) =>
    kind === "started" ? [`${promotion} started late`] : [],
  );
  if (start.started.some(({ kind }) => kind !== "duplicate")) {
    return { lines, stays: "has no record of its promotions after two weeks" };
  }
  await forgetRelease(work, release, ports);
  return { lines, stays: undefined };
}

/** Every function that handled its pushes died before it counted them. */
function uncountedRelease(key: ReleaseKey): CollectedRelease {
  return {
    ...key,
    members: {},
    firstSeen: 0,
    settlesAt: undefined,
    final: undefined,
    attempts: {},
  };
}

/**
 * Every promotion of it has a record. A push that was counted since found the version still open,
 * so the members are read once more.
 */
async function forgetRelease(
  work: OpenRelease,
  release: CollectedRelease,
  { openWork, releases, clock }: RepairPorts,
): Promise<void> {
  const { application } = release;
  await openWork.remove(application, work);
  const present = await releases.read(release);
  if (present && canonicalJson(present.members) !== canonicalJson(release.members)) {
    await openWork.add(application, { ...work, since: clock.now() });
  }
}
