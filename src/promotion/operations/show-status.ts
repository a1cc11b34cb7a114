import {
  unknownApplication,
  type Application,
  type Environment,
} from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import { ignoredPushRetention, type IgnoredPush } from "../../domain/ignored-push.ts";
import type { Lock } from "../../domain/lock.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { missingMembers } from "../../domain/release.ts";
import { versionIn } from "../../domain/version-tag.ts";
import type { CurrentRelease, Hold } from "../../ports/environments.ts";
import type { OpenPromotion, OpenRelease, SetAside } from "../../ports/open-work.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { task } from "../step/task.ts";
import { describeWait, type WaitingFor, describeWaitNeeds } from "../wait/describe-wait.ts";

const needs = [
  ...describeWaitNeeds,
  "openWork.list",
  "ignoredPushes.list",
  "environments.readCurrent",
  "environments.readHolds",
  "promotions.read",
] as const satisfies readonly Need[];
type ShowStatusPorts = PortsFor<typeof needs>;

export interface ApplicationStatus {
  readonly application: string;
  readonly environments: readonly EnvironmentStatus[];
  readonly promotions: readonly OpenStatus[];
  /** What `reconcile` cannot finish, and why. */
  readonly setAside: readonly (SetAside & { readonly what: string })[];
  readonly incomplete: readonly {
    readonly version: string;
    readonly missing: readonly string[];
    readonly since: number;
  }[];
  /** Pushes of the last day that named a member and were ignored, newest first. */
  readonly ignored: readonly IgnoredPush[];
}

export type OpenStatus = Promotion & { readonly waitsFor: WaitingFor | undefined };

export interface EnvironmentStatus {
  readonly environment: string;
  /** It has no cluster. */
  readonly tagsOnly: boolean;
  readonly current: CurrentRelease | undefined;
  readonly lock: Lock;
  readonly holds: readonly Hold[];
}

/**
 * What runs where, what is under way, and which versions wait for which members. Reads only. Throws
 * `NotFound`.
 */
export const showStatus = task({
  name: "ShowStatus",
  needs,
  async run(
    { application: only }: { readonly application?: string | undefined },
    ports,
  ): Promise<readonly ApplicationStatus[]> {
    const { applications } = await ports.configurations.read();
    const chosen = Object.values(applications).filter(
      ({ name }) => only === undefined || name === only,
    );
    if (only !== undefined && chosen.length === 0) {
      throw new PromoterError("NotFound", unknownApplication(only, { applications }));
    }
    return Promise.all(chosen.map((application) => statusOf(application, ports)));
  },
});

async function statusOf(
  application: Application,
  ports: ShowStatusPorts,
): Promise<ApplicationStatus> {
  const work = await ports.openWork.list(application.name);
  const environments = await Promise.all(
    Object.values(application.environments).map((environment) =>
      environmentStatus(application.name, environment, ports),
    ),
  );
  const promotions = await Promise.all(
    work.flatMap((one) => (one.kind === "promotion" ? [openStatus(one, ports)] : [])),
  );
  const incomplete = await Promise.all(
    work.flatMap((one) =>
      one.kind === "release" ? [incompleteRelease(application, one, ports)] : [],
    ),
  );
  const setAside = work.flatMap((one) =>
    one.setAside
      ? [
          {
            ...one.setAside,
            what: one.kind === "promotion" ? one.id : `${application.name} ${one.version}`,
          },
        ]
      : [],
  );
  const ignored = (await ports.ignoredPushes.list(application.name)).filter(
    ({ at, tag }) =>
      at > ports.clock.now() - ignoredPushRetention &&
      !environments.some((one) => isTagOfCurrent(tag, one, application)),
  );
  return {
    application: application.name,
    setAside,
    ignored,
    environments,
    promotions: promotions.filter((one) => one !== undefined),
    incomplete: incomplete.filter(({ missing: lacks }) => lacks.length > 0),
  };
}

/** Its event arrived after the promotion that wrote it had ended. */
function isTagOfCurrent(
  tag: string,
  { environment, current }: EnvironmentStatus,
  { source, environments }: Application,
): boolean {
  const release = environments[environment]?.tags?.release;
  return (
    current !== undefined &&
    release !== undefined &&
    versionIn(release, source.order, tag) === current.version
  );
}

async function environmentStatus(
  application: string,
  { name: environment, podSpec }: Environment,
  { environments }: ShowStatusPorts,
): Promise<EnvironmentStatus> {
  const key = { application, environment };
  const [lock, current, holds] = await Promise.all([
    environments.readLock(key),
    environments.readCurrent(key),
    environments.readHolds(key),
  ]);
  return { environment, tagsOnly: podSpec === undefined, lock, current, holds };
}

/**
 * The record of what was set aside may be unreadable. An announced promotion is open only for
 * cleaning up.
 */
async function openStatus(
  { id, setAside }: OpenPromotion,
  ports: ShowStatusPorts,
): Promise<OpenStatus | undefined> {
  const read = ports.promotions.read(id);
  const promotion = await (setAside ? read.catch(() => undefined) : read);
  if (!promotion || (promotion.announced && !setAside)) return undefined;
  return { ...promotion, waitsFor: await describeWait(promotion, ports) };
}

async function incompleteRelease(
  { name, members }: Application,
  { version, since }: OpenRelease,
  { releases }: ShowStatusPorts,
): Promise<ApplicationStatus["incomplete"][number]> {
  const release = await releases.read({ application: name, version });
  return {
    version,
    since,
    missing: missingMembers(members, Object.values(release?.members ?? {})),
  };
}
