import { claimedUntil } from "../../domain/claim.ts";
import { PromoterError } from "../../domain/errors.ts";
import { beginRollBack } from "../../domain/lock/write.ts";
import type { Environments } from "../../ports/environments.ts";
import { restoreSnapshot, type RestoreSnapshotPorts } from "../cluster/restore-snapshot.ts";
import { whileWriting } from "../lock/claim-writing.ts";
import { holdRelease } from "../lock/hold-release.ts";
import { assertNotRedriven, type WritingStepInput } from "../lock/writing-step.ts";
import { describeFailure, type CaughtFailure } from "../record/caught-failure.ts";
import { changeLock } from "../record/change-lock.ts";
import { resolvedPromotion, type ResolvedPromotion } from "../record/open-promotion.ts";
import { conclude, secondsUntil, type StepResult } from "../record/step-result.ts";

export interface RollBackPorts extends RestoreSnapshotPorts {
  readonly environments: Environments;
}

export interface RollBackInput extends WritingStepInput {
  /** What failed, if it was no look that found the rollout stalled. */
  readonly failure?: CaughtFailure | undefined;
}

/**
 * Puts back what ran before. Waits first until no function can be writing any more that brings what
 * is new.
 */
export async function rollBack(
  input: RollBackInput,
  ports: RollBackPorts,
): Promise<StepResult<"restored" | "wait" | "close">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  const trouble = await keepTrouble(promotion, { input, ports });
  await takeBack(promotion, ports);
  const until = await writersUntil(promotion, ports);
  const now = ports.clock.now();
  if (until > now) {
    return {
      outcome: "wait",
      seconds: secondsUntil(until, now),
      reasons: ["a function that was given up may still be writing"],
    };
  }
  const snapshot = await ports.promotions.readSnapshot(promotion.id);
  if (!snapshot) {
    return conclude(ports.promotions, promotion, {
      ending: "Failed",
      reasons: [...trouble, "the cluster was not touched"],
    });
  }
  await holdRelease(promotion, "its rollout was rolled back", ports);
  await ports.promotions.update(promotion.id, { progress: "rolling-back" });
  const reasons = await whileWriting(
    { ...input, promotion, phase: "rolling-back" },
    ports,
    (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports),
  );
  return { outcome: "restored", reasons };
}

/** The first cause is what the ending tells. */
async function keepTrouble(
  { id, trouble }: ResolvedPromotion,
  { input: { failure }, ports }: { readonly input: RollBackInput; readonly ports: RollBackPorts },
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
