import { beginRollBack } from "../domain/lock.ts";
import { PromoterError } from "../domain/errors.ts";
import type { Environments } from "../ports/environments.ts";
import { changeLock } from "./change-lock.ts";
import { whileWriting } from "./claim-writing.ts";
import { resolvedPromotion, type ResolvedPromotion } from "./open-promotion.ts";
import { restoreSnapshot, type RestoreSnapshotPorts } from "./restore-snapshot.ts";
import { conclude, secondsUntil, type StepResult } from "./step-result.ts";
import { assertNotRedriven, type WritingStepInput } from "./writing-step.ts";

export interface RollBackPorts extends RestoreSnapshotPorts {
  readonly environments: Environments;
}

/** Puts back what ran before. Waits until no function of the promotion can be writing any more. */
export async function rollBack(input: WritingStepInput, ports: RollBackPorts): Promise<StepResult<"restored" | "wait" | "close">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  await takeBack(promotion, ports);
  const { owner } = await ports.environments.readLock(promotion);
  const now = ports.clock.now();
  if (owner?.writingUntil !== undefined && owner.writingUntil > now) {
    return { outcome: "wait", seconds: secondsUntil(owner.writingUntil, now), reasons: ["a function that was given up may still be writing"] };
  }
  const snapshot = await ports.promotions.readSnapshot(promotion.id);
  if (!snapshot) return conclude(ports.promotions, promotion, { ending: "Failed", reasons: ["the cluster was not touched; see the trail for what failed"] });
  await hold(promotion, ports);
  await ports.promotions.update(promotion.id, { progress: "rolling-back" });
  const reasons = await whileWriting({ promotion, phase: "rolling-back", deadline: input.deadline }, ports, (checkTime) => restoreSnapshot({ promotion, snapshot, checkTime }, ports));
  return { outcome: "restored", reasons };
}

async function takeBack(promotion: ResolvedPromotion, { environments }: RollBackPorts): Promise<void> {
  const begun = await changeLock(environments, promotion, (lock) => beginRollBack(lock, promotion.id));
  if (begun.kind === "not-owner") throw new PromoterError("NotOwner", `promotion ${promotion.id} does not own ${promotion.application}/${promotion.environment} while writing; nothing was rolled back`);
}

async function hold({ id, set, version, ...key }: ResolvedPromotion, { environments, clock }: RollBackPorts): Promise<void> {
  await environments.writeHold(key, { set, version, by: id, since: clock.now(), reason: "its rollout was rolled back" });
}
