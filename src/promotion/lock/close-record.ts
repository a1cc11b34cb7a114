import { bounded } from "../../domain/bounded.ts";
import type { Lock } from "../../domain/lock.ts";
import { dropNext, leave } from "../../domain/lock/leave.ts";
import type { Conclusion, Ending, Promotion } from "../../domain/promotion.ts";
import { pinSet } from "../../ports/environments.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import { isOver } from "../wait/wake-conditions.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";
import { pinRelease } from "./hold-release.ts";

export const closeRecordNeeds = [
  ...changeLockNeeds,
  ...wakeNeeds,
  "promotions.read",
  "promotions.close",
  "promotions.record",
  "environments.readCurrent",
  "environments.writeCurrent",
  "environments.writeHold",
  "environments.clearHold",
  "workflow.status",
] as const satisfies readonly Need[];
export type CloseRecordPorts = PortsFor<typeof closeRecordNeeds>;

export interface ClosedRecord {
  /** With the ending that was first. */
  readonly promotion: Promotion;
  readonly ending: Ending;
  /** false: another had closed it before. */
  readonly won: boolean;
}

/** `fallback` is the ending, unless a step decided on one. */
export async function closeRecord(
  promotion: Promotion,
  fallback: Conclusion,
  { promotions, clock }: CloseRecordPorts,
): Promise<ClosedRecord> {
  const closing = {
    ...bounded(promotion.conclusion ?? withTrouble(fallback, promotion)),
    closedAt: clock.now(),
  };
  const closed = await promotions.close(promotion.id, closing);
  const won =
    closed.closedAt === closing.closedAt &&
    closed.ending === closing.ending &&
    closed.reasons.join() === closing.reasons.join();
  return { promotion: closed, ending: closed.ending ?? closing.ending, won };
}

/** What made the rollback necessary comes before what became of it. */
function withTrouble(conclusion: Conclusion, { trouble = [] }: Promotion): Conclusion {
  return conclusion.ending === "Failed"
    ? { ...conclusion, reasons: [...trouble, ...conclusion.reasons] }
    : conclusion;
}

/** Writes what runs now, and releases the environment. */
export async function finishClosing(promotion: Promotion, ports: CloseRecordPorts): Promise<void> {
  if (promotion.progress === "rolled-out" && promotion.ending !== "RolledBack") {
    await writeCurrent(promotion, ports);
  }
  await record(promotion, ports);
  const woken = await releaseEnvironment(promotion, ports);
  const wait = await ports.waits.read(promotion.id);
  if (wait) await ports.waits.remove(promotion.id, wait.token);
  if (woken) await wake(ports, woken, ["turn"]);
}

/**
 * Also after `MoveMovingTags` failed: the new release is what runs. What went back is pinned before
 * that is written, and once: somebody may have resumed since. A person's promotion lifts the hold
 * on its set, and the pin.
 */
async function writeCurrent(promotion: Promotion, ports: CloseRecordPorts): Promise<void> {
  const { environments } = ports;
  const {
    id,
    version,
    set = "",
    members = [],
    plan = "",
    closedAt = 0,
    pushedAt = promotion.openedAt,
  } = promotion;
  const stored = await environments.readCurrent(promotion);
  if (stored?.promotion !== id && (stored?.since ?? 0) > closedAt) return;
  if (promotion.back && stored?.promotion !== id) await pinRelease(promotion, stored, ports);
  await environments.writeCurrent(promotion, {
    version,
    set,
    members,
    promotion: id,
    plan,
    since: closedAt,
    pushedAt,
  });
  if (promotion.trigger === "person" && promotion.ending === "Promoted") {
    await environments.clearHold(promotion, set);
    if (!promotion.back) await environments.clearHold(promotion, pinSet);
  }
}

async function record(promotion: Promotion, { promotions }: CloseRecordPorts): Promise<void> {
  const {
    id,
    application,
    environment,
    version,
    set,
    openedAt,
    closedAt = openedAt,
    ending,
    reasons,
    requester,
    back,
    approvedBy,
  } = promotion;
  await promotions.record({
    id,
    application,
    environment,
    version,
    set,
    openedAt,
    closedAt,
    ending,
    reasons,
    requester,
    ...(back ? { back } : {}),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  });
}

/** Passes over a dead `next`. Gives the promotion that owns the environment now and must be woken. */
async function releaseEnvironment(
  promotion: Promotion,
  ports: CloseRecordPorts,
): Promise<string | undefined> {
  const { next } = await ports.environments.readLock(promotion);
  if (next && next.promotion !== promotion.id && (await hasEnded(next.promotion, ports))) {
    await changeLock(ports.environments, promotion, (lock) => dropNext(lock, next.promotion));
  }
  const left = await changeLock(ports.environments, promotion, (lock) =>
    leave(lock, { promotion: promotion.id, unsettled: unsettledReason(promotion) }),
  );
  const lock: Lock =
    left.kind === "write" ? left.lock : await ports.environments.readLock(promotion);
  return lock.owner?.phase === "waiting" && lock.owner.promotion !== promotion.id
    ? lock.owner.promotion
    : undefined;
}

async function hasEnded(
  id: string,
  { workflow, promotions, clock }: CloseRecordPorts,
): Promise<boolean> {
  const promotion = await promotions.read(id);
  if (!promotion || promotion.ending) return true;
  return isOver(promotion, await workflow.status(id), clock.now());
}

/**
 * It is unknown what the cluster runs when writing stopped half way without a rollback, whatever
 * the ending.
 */
function unsettledReason({ progress, reasons }: Promotion): string | undefined {
  return progress === "deploying" || progress === "rolling-back"
    ? (reasons[0] ?? "it stopped while the cluster was being changed")
    : undefined;
}
