import { claimedUntil } from "../../domain/claim.ts";
import { PromoterError } from "../../domain/errors.ts";
import { beginRollBack } from "../../domain/lock/write.ts";
import { describeAbort } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { restoreSnapshot, restoreSnapshotNeeds } from "../cluster/restore-snapshot.ts";
import { holdRelease } from "../lock/hold-release.ts";
import { writeUnderClaim } from "../lock/write-under-claim.ts";
import { type WritingStepInput, writingStep } from "../lock/writing-step.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { describeFailure, type CaughtFailure } from "../step/caught-failure.ts";
import { secondsUntil } from "../step/step-result.ts";
import { end, go } from "../step/step.ts";

const needs = [
  ...changeLockNeeds,
  ...restoreSnapshotNeeds,
  "promotions.update",
  "promotions.readSnapshot",
  "environments.writeHold",
] as const satisfies readonly Need[];
type RollBackPorts = PortsFor<typeof needs>;

export interface RollBackInput extends WritingStepInput {
  /** What failed; absent when CheckRollout found the rollout stalled. */
  readonly failure?: CaughtFailure | undefined;
}

/** Restores what ran before. Waits first until no function can still be writing the new objects. */
export const rollBack = writingStep({
  name: "RollBack",
  needs,
  async run(promotion, ports, input: RollBackInput) {
    const trouble = await keepTrouble(promotion, input, ports);
    await lockForRollback(promotion, ports);
    const until = await lastWriteBefore(promotion, ports);
    const now = ports.clock.now();
    if (until > now) {
      return go("wait", {
        seconds: secondsUntil(until, now),
        reasons: ["an abandoned function may still be writing"],
      });
    }
    const snapshot = await ports.promotions.readSnapshot(promotion.id);
    const isWanted = promotion.abort !== undefined || promotion.observing !== undefined;
    if (snapshot || isWanted) await holdRelease(promotion, holdReason(promotion), ports);
    if (!snapshot) {
      const ending = isWanted ? "RolledBack" : "Failed";
      return end(ending, [...trouble, "the cluster was not touched"]);
    }
    await ports.promotions.update(promotion.id, { progress: "rolling-back" });
    const reasons = await writeUnderClaim(
      { ...input, promotion, phase: "rolling-back" },
      ports,
      (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports),
    );
    return go("restored", { reasons });
  },
});

function holdReason({ abort }: ResolvedPromotion): string {
  return abort ? `its rollout was ${describeAbort(abort)}` : "its rollout was rolled back";
}

/** The ending gives the first cause. */
async function keepTrouble(
  { id, trouble }: ResolvedPromotion,
  { failure }: RollBackInput,
  ports: RollBackPorts,
): Promise<readonly string[]> {
  if (trouble || !failure) return trouble ?? [];
  const reasons = [describeFailure(failure)];
  await ports.promotions.update(id, { trouble: reasons });
  return reasons;
}

/** Rollback attempts do not wait for each other: they restore the same. */
async function lastWriteBefore(
  promotion: ResolvedPromotion,
  { environments }: RollBackPorts,
): Promise<number> {
  return claimedUntil((await environments.readLock(promotion)).claims, ["writing"]);
}

async function lockForRollback(
  promotion: ResolvedPromotion,
  { environments }: RollBackPorts,
): Promise<void> {
  const begun = await changeLock(environments, promotion, (lock) =>
    beginRollBack(lock, promotion.id),
  );
  if (begun.kind === "not-owner") {
    const { id, application, environment } = promotion;
    throw new PromoterError(
      "NotOwner",
      `promotion ${id} does not own ${application}/${environment} while writing; nothing was rolled back`,
    );
  }
}
