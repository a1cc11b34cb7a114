import { PromoterError } from "../domain/errors.ts";
import { claimWriting, endWriting } from "../domain/lock.ts";
import type { Progress, Promotion } from "../domain/promotion.ts";
import type { Clock } from "../ports/clock.ts";
import type { Environments } from "../ports/environments.ts";
import { changeLock } from "./change-lock.ts";
import { assertTurn } from "./writing-step.ts";

/** A function may outlive its stopped execution, and no registry and no cluster checks a fence: so nothing starts this late. */
const lastStart = 5_000;
/** A call that failed on this side may take effect on the other one later, but not later than this. */
const inFlight = 10_000;

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
 * Runs `work` as the owner of the environment: announces in the lock until when it may write, and takes that back when it is over, unless
 * an earlier function has announced itself that may still be at work. Whoever comes after waits until then. `work` makes one call after
 * the other. Throws `NotOwner`, `NotAllowed` or `TimeRanOut` before anything is done.
 */
export async function whileWriting<Result>(
  { promotion, phase, deadline, after }: WritingInput,
  { environments, clock }: { readonly environments: Environments; readonly clock: Clock },
  work: (checkTime: CheckTime) => Promise<Result>,
): Promise<Result> {
  const claim = { promotion: promotion.id, phase, until: deadline };
  const checkTime = timeCheck(clock, deadline);
  let earlier = 0;
  const claimed = await changeLock(environments, promotion, (lock) => {
    checkTime();
    earlier = lock.owner?.writingUntil ?? 0;
    const transition = claimWriting(lock, claim);
    if (transition.kind === "write" && after) assertTurn(promotion, after);
    return transition;
  });
  if (claimed.kind === "not-owner") throw notOwner(promotion, phase);
  const end = (last: number): Promise<unknown> => {
    const left = Math.max(last, earlier > clock.now() ? earlier : 0);
    return changeLock(environments, promotion, (lock) => endWriting(lock, { ...claim, left }));
  };
  const result = await work(checkTime).catch(async (error: unknown) => {
    await end(lastEffect(clock, deadline)).catch(() => undefined);
    throw error;
  });
  await end(0);
  return result;
}

/** When the last call of a function that broke off has had its effect, if it has one. */
export function lastEffect(clock: Clock, deadline: number): number {
  return Math.min(deadline, clock.now() + inFlight);
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
