import { PromoterError } from "../../domain/errors.ts";
import { cancelOwner } from "../../domain/lock/write.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { changeLock, changeLockNeeds } from "../record/change-lock.ts";
import { noteRequest } from "../record/note-request.ts";
import { unknownPromotion } from "../record/unknown-promotion.ts";
import type { StepInput, StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { wake, wakeNeeds } from "../wait/wake.ts";

export interface CancelInput extends StepInput {
  readonly by: string;
}

const needs = [
  ...changeLockNeeds,
  ...wakeNeeds,
  "promotions.read",
  "promotions.markCancelled",
  "trail.append",
] as const satisfies readonly Need[];
type CancelPorts = PortsFor<typeof needs>;

/**
 * Marks a promotion as cancelled and wakes it; every step before writing reads the mark. The lock
 * is checked again after the record was marked: the promotion may have entered and begun to write
 * in between. Throws `NotAllowed` once writing began, `NotFound`.
 */
export const cancelPromotion = task({
  name: "CancelPromotion",
  needs,
  async run({ promotion: id, by }: CancelInput, ports): Promise<StepResult<"cancelled">> {
    const promotion = await ports.promotions.read(id);
    if (!promotion) throw unknownPromotion(id);
    if (promotion.ending) throw hasEnded(promotion);
    await recordRequest(promotion, by, ports);
    await markLock(promotion, ports);
    if (!(await ports.promotions.markCancelled(id, { by, at: ports.clock.now() }))) {
      throw hasEnded((await ports.promotions.read(id)) ?? promotion);
    }
    await markLock(promotion, ports);
    await wake(ports, id);
    const { application, version, environment } = promotion;
    return {
      outcome: "cancelled",
      reasons: [`${application} ${version} to ${environment} was cancelled by ${by}`],
    };
  },
});

/**
 * Before the lock is marked: from then on the promotion ends as cancelled, even if this function
 * dies.
 */
async function recordRequest(promotion: Promotion, by: string, ports: CancelPorts): Promise<void> {
  if (promotion.cancel) return;
  if (cancelOwner(await ports.environments.readLock(promotion), promotion.id).kind === "writing") {
    throw isWriting(promotion);
  }
  const request = { step: "CancelPromotion", subject: by, by, outcome: "asked" };
  await noteRequest(promotion.id, { ...request, reasons: [`${by} requested cancellation`] }, ports);
}

async function markLock(promotion: Promotion, { environments }: CancelPorts): Promise<void> {
  const marked = await changeLock(environments, promotion, (lock) =>
    cancelOwner(lock, promotion.id),
  );
  if (marked.kind === "writing") throw isWriting(promotion);
}

function isWriting({ id }: Promotion): PromoterError {
  return new PromoterError(
    "NotAllowed",
    `promotion ${id} is already writing and can no longer be cancelled; it will finish or roll back`,
  );
}

function hasEnded({ id, ending }: Promotion): PromoterError {
  return new PromoterError("NotAllowed", `promotion ${id} has already ended as ${ending}`);
}
