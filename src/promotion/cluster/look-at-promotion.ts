import { PromoterError } from "../../domain/errors.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { environmentOf } from "../record/find-environment.ts";
import { lookAtRollout, type RolloutLook } from "./look-at-rollout.ts";

export const lookAtPromotionNeeds = [
  "promotions.readApplied",
  "clusters.connect",
] as const satisfies readonly Need[];
export type LookAtPromotionPorts = PortsFor<typeof lookAtPromotionNeeds>;

/** The same look serves the rollout and the way back: both left behind what they applied. */
export async function lookAtPromotion(
  promotion: Promotion,
  { configurations, promotions, clusters, clock }: LookAtPromotionPorts,
): Promise<RolloutLook> {
  const applied = await promotions.readApplied(promotion.id);
  if (!applied) {
    throw new PromoterError("NotAllowed", `promotion ${promotion.id} has applied nothing yet`);
  }
  const limit =
    applied.rollout ??
    environmentOf(await configurations.read(), promotion).environment.podSpec.rollout;
  return lookAtRollout({ cluster: await clusters.connect(applied.cluster), applied, limit }, clock);
}
