import { retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Progress, Promotion } from "../../domain/promotion.ts";
import type { StepInput } from "../record/step-result.ts";

/** One run of one function, by which its claim on an environment is known. */
export interface Running {
  /** No other run has it, not even one of the same event. */
  readonly invocation: string;
  /** When its calls are aborted and it ends, epoch milliseconds. */
  readonly deadline: number;
}

export interface WritingStepInput extends StepInput, Running {
  /** How often the execution was redriven, from the context object. */
  readonly redrives: number;
}

/** A redriven execution goes on with what it believed days ago; throws `ExecutionRedriven`. */
export function assertNotRedriven({
  promotion,
  redrives,
}: Pick<WritingStepInput, "promotion" | "redrives">): void {
  if (redrives > 0) {
    throw new PromoterError(
      "ExecutionRedriven",
      `the execution of ${promotion} was redriven, so it writes nothing; ${retryCommand(promotion)} starts another one, which verifies everything afresh`,
    );
  }
}

/**
 * How far the writing must have come for this step; throws `NotAllowed`, so that a step invoked by
 * hand does nothing.
 */
export function assertTurn({ id, progress }: Promotion, after: readonly Progress[]): void {
  if (!after.includes(progress)) {
    throw new PromoterError(
      "NotAllowed",
      `promotion ${id} is at "${progress}", and this step comes after ${after.join(" or ")}: it was invoked out of its turn; nothing was written`,
    );
  }
}
