import type { Conclusion, Ending, Promotion } from "../../domain/promotion.ts";
import { closeRecord, closeRecordNeeds, finishClosing } from "../lock/close-record.ts";
import { describeFailure, type CaughtFailure } from "../step/caught-failure.ts";
import type { StepInput, StepResult } from "../step/step-result.ts";
import { outerStep } from "../step/step.ts";

export interface ClosePromotionInput extends StepInput {
  /** The ending that a step decided on takes precedence. */
  readonly failure?: CaughtFailure | undefined;
  /** The await that timed out. */
  readonly expired?: string | undefined;
}

/** Every ending passes here. Repeating it changes nothing. */
export const closePromotion = outerStep({
  name: "ClosePromotion",
  needs: closeRecordNeeds,
  async run(input: ClosePromotionInput, ports): Promise<StepResult<Ending>> {
    const promotion = await ports.promotions.read(input.promotion);
    if (!promotion) {
      return { outcome: "Failed", reasons: ["the promotion has no record: its first step failed"] };
    }
    if (isNamesake(promotion, input)) {
      return { outcome: "Failed", reasons: [nameTaken(promotion)] };
    }
    const closed = await closeRecord(promotion, conclusionOf(input), ports);
    await finishClosing(closed.promotion, ports);
    return { outcome: closed.ending, reasons: [] };
  },
});

/**
 * The name of an execution may be used again 90 days after it ended (API reference,
 * StartExecution); the record of the first one stays.
 */
function isNamesake({ ending }: Promotion, { failure }: ClosePromotionInput): boolean {
  return ending !== undefined && failure?.state === "ResolveRelease";
}

function nameTaken({ ending }: Promotion): string {
  return `a promotion of this name has already ended as ${ending}; start it under another name`;
}

function conclusionOf({ failure, expired }: ClosePromotionInput): Conclusion {
  if (expired !== undefined) {
    return { ending: "WaitExpired", reasons: [`waited too long for ${expired}`] };
  }
  if (!failure) {
    return { ending: "Failed", reasons: ["the workflow ended without giving a reason"] };
  }
  return { ending: "Failed", reasons: [describeFailure(failure)] };
}
