import { retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import {
  describeAbort,
  type Abort,
  type Progress,
  type Promotion,
  type PromotionId,
} from "../../domain/promotion.ts";
import type { Need } from "../../ports/ports.ts";
import type { StepInput } from "../step/step-result.ts";
import { go, step, type Decision, type RecordStep, type StepDefinition } from "../step/step.ts";

/** One run of one function, by which its claim on an environment is known. */
export interface FunctionRun {
  /** No other run has it, not even one of the same event. */
  readonly invocation: string;
  /** When its calls are aborted and it ends, epoch milliseconds. */
  readonly deadline: number;
}

export interface WritingStepInput extends StepInput, FunctionRun {
  /** How often the execution was redriven, from the context object. */
  readonly redrives: number;
}

/**
 * A step that writes to the registry or the cluster. Throws `ExecutionRedriven` before it does
 * anything.
 */
export function writingStep<
  const Needs extends readonly Need[],
  Outcome extends string,
  Input extends WritingStepInput = WritingStepInput,
>({
  name,
  needs,
  run,
}: Omit<StepDefinition<Needs, Input, Outcome>, "goes">): RecordStep<Needs, Input, Outcome> {
  return step({
    name,
    needs,
    goes: "to-the-end",
    async run(promotion, ports, input) {
      if (input.redrives > 0) throw executionRedriven(promotion.id);
      return run(promotion, ports, input);
    },
  });
}

/** Nothing more is written once somebody has aborted it; `CheckRollout` then goes back. */
export function leaveOut(abort: Abort): Decision<"aborted"> {
  return go("aborted", { reasons: [`${describeAbort(abort)}; nothing was written here`] });
}

/** A redriven execution would act on facts that are days old. */
function executionRedriven(promotion: PromotionId): PromoterError {
  const why = `the execution of ${promotion} was redriven, so it writes nothing`;
  const remedy = `${retryCommand(promotion)} starts a new one, which verifies everything again`;
  return new PromoterError("ExecutionRedriven", `${why}; ${remedy}`);
}

/**
 * How far the writing must have come for this step; throws `NotAllowed`, so that a step invoked by
 * hand does nothing.
 */
export function assertProgress({ id, progress }: Promotion, after: readonly Progress[]): void {
  if (!after.includes(progress)) {
    const order = `promotion ${id} is at "${progress}", and this step comes after ${after.join(" or ")}`;
    throw new PromoterError(
      "NotAllowed",
      `${order}: it was invoked out of order; nothing was written`,
    );
  }
}
