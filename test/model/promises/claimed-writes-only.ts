import type { Lock } from "../../../src/domain/lock.ts";
import type { EnvironmentKey } from "../../../src/domain/promotion.ts";
import { environmentOf } from "./one-writer-at-a-time.ts";
import type { Promised } from "./promise.ts";

/**
 * Whatever changes tags or cluster, the lock says at that moment that this function may still be
 * writing: so whoever comes next waits.
 */
export const claimedWritesOnly: Promised = ({ world }) => {
  const locks = new Map<string, Lock>();
  const broken: string[] = [];
  world.watchers.push((effect) => {
    const { guest, port, method, args, result } = effect;
    if (port === "environments" && method === "writeLock" && result === true) {
      locks.set((args[0] as EnvironmentKey).environment, args[1] as Lock);
    }
    const environment = environmentOf(effect);
    if (environment === undefined) return;
    const claims = locks.get(environment)?.claims ?? [];
    const isClaimed = claims.some(
      ({ invocation, until }) =>
        invocation.startsWith(`${guest.key}/`) && until >= world.timeline.now(),
    );
    if (!isClaimed) broken.push(`${guest.key} wrote to ${environment} without a claim`);
  });
  return () => broken;
};
