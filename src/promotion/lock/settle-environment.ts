import { PromoterError } from "../../domain/errors.ts";
import type { Lock } from "../../domain/lock.ts";
import { settle } from "../../domain/lock/leave.ts";
import type { EnvironmentKey, PromotionId } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

export const settleEnvironmentNeeds = [
  ...changeLockNeeds,
  ...wakeNeeds,
] as const satisfies readonly Need[];

export const stillWriting =
  "a function may still be writing to the cluster; try again in a few minutes";

export interface SettleRequest {
  readonly key: EnvironmentKey;
  /** The promotion that left it unsettled. */
  readonly by: PromotionId;
  /**
   * Writes down who asked for it. Called before anything is changed, so that every change has a
   * name to it.
   */
  readonly note: () => Promise<void>;
}

/**
 * Settles the environment that a promotion left unsettled, and hands it to the promotion that waits
 * for it. Throws `NotAllowed` while a function may still be writing, and when another promotion has
 * left it unsettled in the meantime.
 */
export async function settleEnvironment(
  { key, by, note }: SettleRequest,
  ports: PortsFor<typeof settleEnvironmentNeeds>,
): Promise<void> {
  const settleLock = (lock: Lock): ReturnType<typeof settle> =>
    settle(lock, { by, now: ports.clock.now() });
  const possible = settleLock(await ports.environments.readLock(key));
  // What is impossible now may become possible a moment later, without a note of who asked for it.
  if (possible.kind === "write") await note();
  const done =
    possible.kind === "write" ? await changeLock(ports.environments, key, settleLock) : possible;
  if (done.kind === "not-unsettled" && (await ports.environments.readLock(key)).unsettled) {
    throw new PromoterError(
      "NotAllowed",
      `${by} is no longer the promotion that left ${key.environment} unsettled; see \`status\``,
    );
  }
  if (done.kind === "busy") {
    throw new PromoterError("NotAllowed", stillWriting);
  }
  if (done.kind === "write" && done.lock.owner) {
    await wake(ports, done.lock.owner.promotion, ["turn"]);
  }
}
