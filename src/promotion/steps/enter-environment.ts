import { isApproved } from "../../domain/approval.ts";
import { describeUnsettled } from "../../domain/describe-unsettled.ts";
import { formatTime } from "../../domain/format-time.ts";
import type { Lock } from "../../domain/lock.ts";
import { enter, type EnterTransition } from "../../domain/lock/enter.ts";
import { maxWaits } from "../../domain/max-waits.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { wasRebuilt } from "../../domain/release.ts";
import { compareVersions, type VersionOrder } from "../../domain/version-order.ts";
import { versionRefusal } from "../../domain/version-refusal.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changesNothing } from "../cluster/describe-changes.ts";
import { settlePromotion, settlePromotionNeeds } from "../lock/settle-promotion.ts";
import { votingOf } from "../question/current-voting.ts";
import { changeLock } from "../record/change-lock.ts";
import {
  findEnvironment,
  environmentRemoved,
  type ConfiguredEnvironment,
} from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { environmentChanged, policyChanged, policyHash } from "../record/policy-hash.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, endAs, go, step, type Decision } from "../step/step.ts";
import { overtakeHint, describeWaiter, supersededReason } from "../wait/explain-turn.ts";
import { wake } from "../wait/wake.ts";

const needs = [
  ...settlePromotionNeeds,
  "promotions.readPlan",
  "approvals.read",
  "releases.read",
] as const satisfies readonly Need[];
type EnterEnvironmentPorts = PortsFor<typeof needs>;

/**
 * Takes the environment, or its one waiting place. As its owner it decides what follows: nothing, a
 * question, or writing.
 */
export const enterEnvironment = step({
  name: "EnterEnvironment",
  needs,
  async run(promotion, ports): Promise<Decision<"approved" | "ask" | "turn" | "stale">> {
    const found = findEnvironment(await ports.configurations.read(), promotion);
    if ("unknown" in found) return endAs(environmentRemoved(found));
    await settleDeadOwners(promotion, ports);
    const entered = await changeLock(ports.environments, promotion, (lock) =>
      tryToEnter(lock, { promotion, found }, ports),
    );
    switch (entered.kind) {
      case "stale":
        return go("stale", { reasons: [environmentChanged] });
      case "superseded":
        return end("Superseded", [
          supersededReason(promotion, await ports.environments.readLock(promotion)),
        ]);
      case "unsettled":
        return end("Refused", [describeUnsettled(promotion, entered)]);
      case "next":
        return waitForTurn(entered, { promotion, found }, ports);
      case "owner":
        return ownerDecision({ promotion, found }, ports);
      default:
        return entered satisfies never;
    }
  },
});

/**
 * An owner whose execution is over never leaves by itself, and a dead `next` must not supersede
 * anything.
 */
async function settleDeadOwners(
  promotion: ResolvedPromotion,
  ports: EnterEnvironmentPorts,
): Promise<void> {
  const { owner, next } = await ports.environments.readLock(promotion);
  const others = [next, owner].flatMap((one) =>
    one && one.promotion !== promotion.id ? [one.promotion] : [],
  );
  for (const other of others) await settlePromotion(other, ports);
}

interface Entrant {
  readonly promotion: ResolvedPromotion;
  readonly found: ConfiguredEnvironment;
}

async function tryToEnter(
  lock: Lock,
  { promotion, found }: Entrant,
  ports: EnterEnvironmentPorts,
): Promise<EnterTransition> {
  const { id, version, fence = -1, entered } = promotion;
  const next = lock.next && (await ports.promotions.read(lock.next.promotion));
  const goesFirst =
    next !== undefined &&
    (isGoingBackFirst(promotion, next) ||
      versionRefusal(found, next.version) !== undefined ||
      (await isAheadOf(next, { promotion, order: found.application.source.order }, ports)));
  return enter(lock, { promotion: id, version, fence, entered, isHigher: () => goesFirst });
}

/**
 * Whoever goes back waits for nobody but the owner, and no newer version takes that place; of two
 * the later one counts.
 */
function isGoingBackFirst(promotion: Promotion, next: Promotion): boolean {
  return promotion.back === true && (!next.back || promotion.openedAt >= next.openedAt);
}

/**
 * The higher version wins; of one version the newer build: the older one would only wait to be
 * superseded.
 */
async function isAheadOf(
  next: Promotion,
  { promotion, order }: { readonly promotion: Promotion; readonly order: VersionOrder },
  { releases }: EnterEnvironmentPorts,
): Promise<boolean> {
  if (next.back) return false;
  if (next.version !== promotion.version) {
    return order === "pushed"
      ? (promotion.pushedAt ?? 0) > (next.pushedAt ?? 0)
      : compareVersions(order, promotion.version, next.version) > 0;
  }
  const release = await releases.read(promotion);
  return release !== undefined && wasRebuilt(release, next);
}

async function waitForTurn(
  { lock, displaced }: Extract<EnterTransition, { kind: "next" }>,
  { promotion, found }: Entrant,
  ports: EnterEnvironmentPorts,
): Promise<Decision<"turn">> {
  if (displaced) await wake(ports, displaced);
  const now = ports.clock.now();
  const until = now + maxWaits.turn;
  const behind = lock.owner ? `waits behind ${describeWaiter(lock.owner)}` : "waits for its turn";
  return go("turn", {
    change: { entered: true },
    reasons: [
      `${behind}, until ${formatTime(until)} at the latest`,
      ...overtakeHint(promotion, lock.owner, found.application.source.order),
    ],
    seconds: secondsUntil(until, now),
  });
}

async function ownerDecision(
  { promotion, found }: Entrant,
  ports: EnterEnvironmentPorts,
): Promise<Decision<"approved" | "ask" | "stale">> {
  const change = promotion.entered ? {} : { entered: true };
  if (promotion.verifiedUnder !== policyHash(found, ports.hash)) {
    return go("stale", { change, reasons: [policyChanged] });
  }
  const { plan = "" } = promotion;
  const [current, stored, approval] = await Promise.all([
    ports.environments.readCurrent(promotion),
    ports.promotions.readPlan(promotion.id, plan),
    ports.approvals.read(promotion.id, plan),
  ]);
  if (current && changesNothing({ promotion, current, differences: stored?.differences })) {
    const since = `${promotion.environment} has run ${promotion.version} since ${formatTime(current.since)}`;
    return end("AlreadyPromoted", [since], change);
  }
  const { approval: policy } = found.environment;
  if (!policy) return go("approved", { change, reasons: ["no approval is needed"] });
  return isApproved(approval, votingOf(policy, promotion))
    ? go("approved", { change, reasons: ["this exact plan was approved"] })
    : go("ask", { change });
}
