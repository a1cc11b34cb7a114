import { PromoterError } from "../../domain/errors.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Clusters } from "../../ports/cluster.ts";
import type { Configurations } from "../../ports/configurations.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { environmentOf } from "../record/find-environment.ts";
import { lookAtRollout, type RolloutLook } from "./look-at-rollout.ts";

export interface LookAtPromotionPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly clusters: Clusters;
  readonly clock: Clock;
}

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
