import { PromoterError } from "../../domain/errors.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";

export const readLockedPlanNeeds = [
  "environments.readLock",
  "promotions.readPlan",
] as const satisfies readonly Need[];

/**
 * The plan under which the lock was taken for writing: never what an input says. Throws `NotOwner`,
 * `NotFound`.
 */
export async function readLockedPlan(
  promotion: Promotion,
  { promotions, environments }: PortsFor<typeof readLockedPlanNeeds>,
): Promise<Plan> {
  const { owner } = await environments.readLock(promotion);
  if (owner?.promotion !== promotion.id || owner.plan === undefined) {
    throw new PromoterError(
      "NotOwner",
      `promotion ${promotion.id} does not own ${promotion.application}/${promotion.environment}; nothing was written`,
    );
  }
  const stored = await promotions.readPlan(promotion.id, owner.plan);
  if (!stored) {
    throw new PromoterError("NotFound", `the plan ${owner.plan} of ${promotion.id} is not stored`);
  }
  return stored.plan;
}
