import { PromoterError } from "../../domain/errors.ts";
import type { Lock } from "../../domain/lock.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { Environments } from "../../ports/environments.ts";

/** More losers in a row than this means that something spins. */
const tries = 8;

/**
 * Reads the lock, lets `decide` say what becomes of it, and writes on condition that nobody else
 * wrote in between; who loses the race decides again on what is there now. Gives the decision that
 * stands. Throws `WriteContended`.
 */
export async function changeLock<
  Decision extends { readonly kind: string; readonly lock?: Lock; readonly changed?: boolean },
>(
  environments: Environments,
  key: EnvironmentKey,
  decide: (lock: Lock) => Decision | Promise<Decision>,
): Promise<Decision> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const decision = await decide(await environments.readLock(key));
    const lock = decision.changed === false ? undefined : decision.lock;
    if (!lock || (await environments.writeLock(key, lock))) return decision;
  }
  throw new PromoterError(
    "WriteContended",
    `the lock of ${key.application}/${key.environment} changed ${tries} times while we tried to write it; try again`,
  );
}
