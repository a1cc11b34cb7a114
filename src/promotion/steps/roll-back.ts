import { claimedUntil } from "../../domain/claim.ts";
import { PromoterError } from "../../domain/errors.ts";
import { beginRollBack } from "../../domain/lock/write.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { restoreSnapshot, restoreSnapshotNeeds } from "../cluster/restore-snapshot.ts";
import { whileWriting } from "../lock/claim-writing.ts";
import { holdRelease } from "../lock/hold-release.ts";
import { type WritingStepInput, writingStep } from "../lock/writing-step.ts";
import { describeFailure, type CaughtFailure } from "../record/caught-failure.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { secondsUntil } from "../record/step-result.ts";
import { end, go } from "../record/step.ts";

const needs = [
  ...changeLockNeeds,
  ...restoreSnapshotNeeds,
  "promotions.update",
  "promotions.readSnapshot",
  "environments.writeHold",
] as const satisfies readonly Need[];
type RollBackPorts = PortsFor<typeof needs>;

export interface RollBackInput extends WritingStepInput {
  /** What failed, if it was no look that found the rollout stalled. */
  readonly failure?: CaughtFailure | undefined;
}

/**
 * Puts back what ran before. Waits first until no function can be writing any more that brings what
 * is new.
 */
export const rollBack = writingStep({
  name: "RollBack",
  needs,
  async run(promotion, ports, input: RollBackInput) {
    const trouble = await keepTrouble(promotion, input, ports);
    await takeBack(promotion, ports);
    const until = await writersUntil(promotion, ports);
    const now = ports.clock.now();
    if (until > now) {
      return go("wait", {
        seconds: secondsUntil(until, now),
        reasons: ["an abandoned function may still be writing"],
      });
    }
    const snapshot = await ports.promotions.readSnapshot(promotion.id);
    if (!snapshot) return end("Failed", [...trouble, "the cluster was not touched"]);
    await holdRelease(promotion, "its rollout was rolled back", ports);
    await ports.promotions.update(promotion.id, { progress: "rolling-back" });
    const reasons = await whileWriting(
      { ...input, promotion, phase: "rolling-back" },
      ports,
      (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports),
    );
    return go("restored", { reasons });
  },
});

/** The first cause is what the ending tells. */
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

/** Tries of the way back do not wait for each other: they put back the same. */
async function writersUntil(
  promotion: ResolvedPromotion,
  { environments }: RollBackPorts,
): Promise<number> {
  return claimedUntil((await environments.readLock(promotion)).claims, ["writing"]);
}

async function takeBack(
  promotion: ResolvedPromotion,
  { environments }: RollBackPorts,
): Promise<void> {
  const begun = await changeLock(environments, promotion, (lock) =>
    beginRollBack(lock, promotion.id),
  );
  if (begun.kind === "not-owner") {
    throw new PromoterError(
      "NotOwner",
      `promotion ${promotion.id} does not own ${promotion.application}/${promotion.environment} while writing; nothing was rolled back`,
    );
  }
}
