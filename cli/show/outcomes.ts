import type { Ending } from "../../src/domain/promotion.ts";
import { promotionLabel, type ExpectedPromotion } from "./expected-promotion.ts";

/** How a promotion ended, or that it could no longer be polled. */
export type Outcome = Ending | { readonly lost: string };

export interface EndedPromotion extends ExpectedPromotion {
  readonly ending: Ending;
}

/** What became of what was expected; nothing yet of the rest. */
export interface FollowResult {
  readonly endings: readonly EndedPromotion[];
  /** Promotions that could no longer be polled. */
  readonly lost: readonly string[];
  readonly open: readonly ExpectedPromotion[];
}

export interface Outcomes {
  /** The first outcome of a promotion stays. */
  note(promotion: ExpectedPromotion, outcome: Outcome): void;
  /** Waits until each of these has one, or everything stops. */
  of(expected: readonly ExpectedPromotion[], signal: AbortSignal): Promise<FollowResult>;
}

export function createOutcomes(): Outcomes {
  const outcomes = new Map<string, Outcome>();
  let wake: (() => void) | undefined;
  return {
    note(promotion, outcome) {
      const label = promotionLabel(promotion);
      if (!outcomes.has(label)) outcomes.set(label, outcome);
      wake?.();
    },
    async of(expected, signal) {
      const isMissing = (one: ExpectedPromotion): boolean => !outcomes.has(promotionLabel(one));
      while (expected.some(isMissing) && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
        await promise;
      }
      return resultOf(expected, outcomes);
    },
  };
}

function resultOf(
  expected: readonly ExpectedPromotion[],
  outcomes: ReadonlyMap<string, Outcome>,
): FollowResult {
  const pairs = expected.map((one) => ({ one, outcome: outcomes.get(promotionLabel(one)) }));
  return {
    endings: pairs.flatMap(({ one, outcome }) =>
      typeof outcome === "string" ? [{ ...one, ending: outcome }] : [],
    ),
    lost: pairs.flatMap(({ outcome }) => (typeof outcome === "object" ? [outcome.lost] : [])),
    open: pairs.flatMap(({ one, outcome }) => (outcome === undefined ? [one] : [])),
  };
}
