import { PromoterError } from "../domain/errors.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Clock } from "../ports/clock.ts";
import type { Clusters } from "../ports/cluster.ts";
import type { Configurations } from "../ports/configurations.ts";
import type { Promotions } from "../ports/promotions.ts";
import { environmentOf } from "./environment-of.ts";
import { lookAtRollout, type RolloutLook } from "./look-at-rollout.ts";
import { resolvedPromotion } from "./open-promotion.ts";
import type { StepInput, StepResult } from "./step-result.ts";

export interface CheckRolloutPorts {
  readonly configurations: Configurations;
  readonly promotions: Promotions;
  readonly clusters: Clusters;
  readonly clock: Clock;
}

/** Looks once whether the new digests run, by kubectl's rules. */
export async function checkRollout(
  { promotion: id }: StepInput,
  ports: CheckRolloutPorts,
): Promise<StepResult<RolloutLook["kind"]>> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const { kind, reasons, seconds } = await lookAtPromotion(promotion, ports);
  if (kind === "complete") await ports.promotions.update(id, { progress: "rolled-out" });
  if (kind === "stalled") await ports.promotions.update(id, { trouble: reasons });
  return { outcome: kind, reasons, seconds };
}

/** The same look serves the rollout and the way back: both left behind what they applied. */
export async function lookAtPromotion(
  promotion: Promotion,
  { configurations, promotions, clusters, clock }: CheckRolloutPorts,
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
