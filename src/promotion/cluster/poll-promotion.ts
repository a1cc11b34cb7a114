import { PromoterError } from "../../domain/errors.ts";
import { tagsOnly } from "../../domain/plan.ts";
import { isObserved, type AppliedStages, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { podSpecOf } from "../record/find-environment.ts";
import { pollRollout, type RolloutPoll } from "./poll-rollout.ts";

export const pollPromotionNeeds = [
  "promotions.readApplied",
  "clusters.connect",
] as const satisfies readonly Need[];

interface PromotionPoll extends RolloutPoll {
  /** What is applied once these objects are ready; absent: nothing is left to apply. */
  readonly next?: AppliedStages;
}

/** Serves rollout and rollback alike: both store what they applied. */
export async function pollPromotion(
  promotion: Promotion,
  { configurations, promotions, clusters, clock }: PortsFor<typeof pollPromotionNeeds>,
): Promise<PromotionPoll> {
  const applied = await promotions.readApplied(promotion.id);
  if (!applied) {
    throw new PromoterError("NotAllowed", `promotion ${promotion.id} has applied nothing yet`);
  }
  const { cluster } = applied;
  if (cluster === undefined) return { kind: "complete", reasons: [tagsOnly], seconds: 1 };
  const since = applied.since ?? applied.at;
  const rollout = applied.rollout ?? podSpecOf(await configurations.read(), promotion).rollout;
  const limit = Math.max(rollout, observedUntil(promotion) - since);
  const poll = await pollRollout(
    {
      cluster: await clusters.connect(cluster),
      applied,
      limit,
      wasComplete: promotion.observing !== undefined,
    },
    clock,
  );
  return applied.next === undefined ? poll : { ...poll, next: { stages: applied.next, since } };
}

/** For the looks that may follow the one at the end of the observation, milliseconds. */
const grace = 5 * 60_000;

/** A rollout that was complete, and is watched, is not measured by the time that it may take. */
function observedUntil(promotion: Promotion): number {
  return promotion.observing && isObserved(promotion) ? promotion.observing.until + grace : 0;
}
