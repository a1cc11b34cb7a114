import type { PromotionId } from "../../domain/promotion.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Trail, TrailEntry } from "../../ports/trail.ts";

interface PersonRequest extends Pick<TrailEntry, "step" | "outcome" | "reasons"> {
  readonly by: string;
  /** Distinguishes it from another request at the same moment. */
  readonly subject: string;
}

/** Writes into the trail of a promotion what a person asks for; call it before anything changes. */
export async function noteRequest(
  promotion: PromotionId,
  { step, subject, by, outcome, reasons }: PersonRequest,
  { trail, clock }: { readonly trail: Pick<Trail, "append">; readonly clock: Clock },
): Promise<void> {
  const at = clock.now();
  const visit = `${step}@${at}/${subject}`;
  await trail.append(promotion, { visit, step, at, took: 0, outcome, who: by, reasons }, at);
}
