import { PromoterError } from "../domain/errors.ts";
import type { StartPorts } from "./start-promotion.ts";
import { startNext } from "./start-promotion.ts";
import type { StepInput, StepResult } from "./step-result.ts";

export interface RetryInput extends StepInput {
  readonly requester: string | undefined;
  readonly reason: string | undefined;
}

/** Starts the next attempt to promote the very set of a promotion that ended. Throws `NotFound`, `NotAllowed`. */
export async function retryPromotion({ promotion: id, requester, reason }: RetryInput, ports: StartPorts): Promise<StepResult<"started">> {
  const promotion = await ports.promotions.read(id);
  if (!promotion) throw new PromoterError("NotFound", `there is no promotion ${id}; \`history\` lists them`);
  if (!promotion.ending) throw new PromoterError("NotAllowed", `promotion ${id} has not ended yet; \`cancel\` it first, or wait`);
  if (promotion.mode === "plan") throw new PromoterError("NotAllowed", `promotion ${id} was only a plan; use \`promote\` to carry it out, or \`plan\` to look again`);
  if (promotion.set === undefined) throw new PromoterError("NotAllowed", `promotion ${id} never had a complete set of digests; use \`promote\``);
  const release = await ports.releases.read(promotion);
  if (!release) throw new PromoterError("NotAllowed", `no push of ${promotion.application} ${promotion.version} was collected; use \`promote\``);
  const { environment, set } = promotion;
  const started = await startNext({ release, environment, set, repeated: false, retry: { requester: requester ?? "unknown", reason } }, ports);
  return { outcome: "started", reasons: [started.promotion] };
}
