import type { Lock } from "../../domain/lock.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Need } from "../../ports/ports.ts";
import { contend } from "../concurrency/contend.ts";

export const changeLockNeeds = [
  "environments.readLock",
  "environments.writeLock",
] as const satisfies readonly Need[];

/**
 * Writes the lock that `decide` gives, unless it says that nothing changed. Gives the decision that
 * stands. Throws `WriteContended`.
 */
export async function changeLock<
  Decision extends { readonly kind: string; readonly lock?: Lock; readonly changed?: boolean },
>(
  environments: Pick<Environments, "readLock" | "writeLock">,
  key: EnvironmentKey,
  decide: (lock: Lock) => Decision | Promise<Decision>,
): Promise<Decision> {
  return contend({
    subject: `the lock of ${key.application}/${key.environment}`,
    read: () => environments.readLock(key),
    decide,
    write: async ({ lock, changed }) =>
      !lock || changed === false || environments.writeLock(key, lock),
  });
}
