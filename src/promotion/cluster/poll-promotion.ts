import { PromoterError } from "../../domain/errors.ts";
import { tagsOnly } from "../../domain/plan.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { podSpecOf } from "../record/find-environment.ts";
import { pollRollout, type RolloutPoll } from "./poll-rollout.ts";

export const pollPromotionNeeds = [
  "promotions.readApplied",
  "clusters.connect",
] as const satisfies readonly Need[];

/** Serves rollout and rollback alike: both store what they applied. */
export async function pollPromotion(
  promotion: Promotion,
  { configurations, promotions, clusters, clock }: PortsFor<typeof pollPromotionNeeds>,
): Promise<RolloutPoll> {
  const applied = await promotions.readApplied(promotion.id);
  if (!applied) {
    throw new PromoterError("NotAllowed", `promotion ${promotion.id} has applied nothing yet`);
  }
  const { cluster } = applied;
  if (cluster === undefined) return { kind: "complete", reasons: [tagsOnly], seconds: 1 };
  const limit = applied.rollout ?? podSpecOf(await configurations.read(), promotion).rollout;
  return pollRollout({ cluster: await clusters.connect(cluster), applied, limit }, clock);
}
