import { PromoterError } from "../domain/errors.ts";
import { claimWriting, clearWriting } from "../domain/lock.ts";
import type { Progress, Promotion } from "../domain/promotion.ts";
import type { Clock } from "../ports/clock.ts";
import type { Environments } from "../ports/environments.ts";
import { changeLock } from "./change-lock.ts";
import { assertTurn } from "./writing-step.ts";

/** A function may outlive its stopped execution, and no registry and no cluster checks a fence: so nothing starts this late. */
const lastStart = 5_000;

export interface WritingInput {
  readonly promotion: Promotion;
  readonly phase: "writing" | "rolling-back";
  /** When this function is stopped at the latest, epoch milliseconds. */
  readonly deadline: number;
  /** How far the writing must have come for this step; absent: it may always run in its phase. */
  readonly after?: readonly Progress[];
}

/** Throws `TimeRanOut` when it is too late to start another call. */
export type CheckTime = () => void;

/**
 * Runs `work` as the owner of the environment: announces in the lock until when it may write, and takes that back when it is done.
 * Whoever comes after waits until then. Throws `NotOwner`, `NotAllowed` or `TimeRanOut` before anything is done.
 */
export async function whileWriting<Result>(
  { promotion, phase, deadline, after }: WritingInput,
  { environments, clock }: { readonly environments: Environments; readonly clock: Clock },
  work: (checkTime: CheckTime) => Promise<Result>,
): Promise<Result> {
  const claim = { promotion: promotion.id, phase, until: deadline };
  const checkTime = timeCheck(clock, deadline);
  const claimed = await changeLock(environments, promotion, (lock) => {
    checkTime();
    const transition = claimWriting(lock, claim);
    if (transition.kind === "write" && after) assertTurn(promotion, after);
    return transition;
  });
  if (claimed.kind === "not-owner") throw notOwner(promotion, phase);
  const result = await work(checkTime);
  await changeLock(environments, promotion, (lock) => clearWriting(lock, claim));
  return result;
}

/** For a function that is stopped at `deadline`, epoch milliseconds. */
export function timeCheck(clock: Clock, deadline: number): CheckTime {
  return () => {
    if (clock.now() > deadline - lastStart) throw new PromoterError("TimeRanOut", "stopped before the function's time was over; what was done so far is found again");
  };
}

function notOwner({ id, application, environment }: Promotion, phase: string): PromoterError {
  return new PromoterError("NotOwner", `promotion ${id} does not own ${application}/${environment} in phase ${phase}; nothing was written`);
}
