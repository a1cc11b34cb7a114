import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { OpenPromotion } from "../../ports/open-work.ts";
import { settlePromotion } from "../lock/settle-promotion.ts";
import type { RepairPorts } from "./repair-ports.ts";

/**
 * The promotions of an environment that ended last, and may have left a wait behind: no function
 * runs longer than that.
 */
const maxEnded = 10;
const maxLateness = 60 * 60_000;

/** A late await that died before it saw that its promotion had ended leaves its token behind. */
export async function removeWaits(
  key: EnvironmentKey,
  { promotions, waits, clock }: RepairPorts,
): Promise<readonly string[]> {
  const { entries } = await promotions.history(key, { limit: maxEnded });
  const ended = entries.filter(({ closedAt }) => closedAt > clock.now() - maxLateness);
  const removed = await Promise.all(
    ended.map(async ({ id }) => {
      const wait = await waits.read(id);
      if (wait) await waits.remove(id, wait.token);
      return wait ? [`${id} no longer waits`] : [];
    }),
  );
  return removed.flat();
}

/**
 * A promotion that ended is not open work; where it cannot leave its environment it becomes open
 * work again.
 */
export async function workOfOwner(
  key: EnvironmentKey,
  { environments, openWork, clock }: RepairPorts,
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
 * A step that was running while its promotion was closed may have taken the lock afterwards; that
 * promotion is no longer open work.
 */
export async function repairLock(
  key: EnvironmentKey,
  ports: RepairPorts,
): Promise<readonly string[]> {
  const { owner } = await ports.environments.readLock(key);
  const promotion = owner && (await ports.promotions.read(owner.promotion));
  if (!promotion?.ending) return [];
  await settlePromotion(promotion.id, ports);
  return [`${promotion.id} left ${key.environment}`];
}
