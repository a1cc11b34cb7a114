import { setTimeout as pass } from "node:timers/promises";
import type { ShownPromotion } from "../src/promotion/operations/show-promotion.ts";
import type { Connection } from "./connection.ts";
import { describeFailure } from "./describe-failure.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

export interface Follow {
  readonly connection: Connection;
  readonly promotion: string;
  /** Called after every poll that found something new. */
  readonly onChange: (
    shown: ShownPromotion,
    news: { readonly steps: ShownPromotion["trail"] },
  ) => void | Promise<void>;
  /** Milliseconds between polls; default: the pace of the connection. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A step stands in the trail only after its work is done, and nothing announces in the trail what
 * was closed outside of the workflow.
 */
const last = 4;
/** A promotion that sleeps, perhaps for days, is polled less often by this factor. */
const slowest = 20;
const slowing = 1.2;
/**
 * Consecutive polls that may fail before following is given up; each wait is twice as long as the
 * one before. In an account that is four minutes.
 */
const maxFailures = 7;

/**
 * Polls a promotion until it has ended and was announced. A failed poll is retried for a while: the
 * promotion does not depend on it.
 */
export async function followPromotion({
  connection,
  promotion,
  onChange,
  every = connection.pace,
  signal,
}: Follow): Promise<ShownPromotion> {
  let seen = 0;
  let looksLeft = last;
  let pause = every;
  let failures = 0;
  for (;;) {
    const { shown, failure } = await look(connection, promotion);
    failures = failure === undefined ? 0 : failures + 1;
    if (failures > maxFailures) throw failure;
    if (shown) {
      const steps = shown.trail.slice(seen);
      seen = shown.trail.length;
      pause = steps.length > 0 ? every : Math.min(pause * slowing, every * slowest);
      await onChange(shown, { steps });
      if (shown.promotion.ending !== undefined && shown.promotion.announced) {
        looksLeft = shown.trail.at(-1)?.step === "Announce" ? 0 : looksLeft - 1;
      }
      if (looksLeft <= 0) return shown;
    }
    signal?.throwIfAborted();
    await pass(failures > 0 ? every * 2 ** (failures - 1) : pause, undefined, signal && { signal });
  }
}

interface Look {
  readonly shown?: ShownPromotion;
  readonly failure?: unknown;
}

/** Executions that have just started have no record yet. */
async function look(connection: Connection, promotion: string): Promise<Look> {
  try {
    return { shown: (await connection.invoke("show-promotion", { promotion })) as ShownPromotion };
  } catch (error) {
    if (error instanceof CommandError && error.details["name"] === "NotFound") return {};
    if (describeFailure(error).exitCode === exitCodes.tryAgain) return { failure: error };
    throw error;
  }
}
