/**
 * How many writes may begin in any one second: as many as configured, half of it when the other
 * side throttles, then slowly rising again. Counted per second, not spaced evenly: a few writes
 * need not wait for each other.
 */
export interface Pace {
  /** A second, as configured. */
  readonly maxRate: number;
  /** A second, at the moment. */
  readonly rate: number;
  /** Writes that went well since the rate changed. */
  readonly well: number;
  /** When the last ones began, oldest first, epoch milliseconds; at most `maxRate` of them. */
  readonly begun: readonly number[];
  /** When the rate was last halved. */
  readonly slowedAt: number;
}

const second = 1_000;

export function paceOf(maxRate: number): Pace {
  return { maxRate, rate: maxRate, well: 0, begun: [], slowedAt: -1 };
}

/** When the next write may begin, epoch milliseconds. */
export function nextStart({ rate, begun }: Pace): number {
  const before = begun.at(-rate);
  return before === undefined ? 0 : before + second;
}

export function recordStart(pace: Pace, at: number): Pace {
  return { ...pace, begun: [...pace.begun, at].slice(-pace.maxRate) };
}

/** One more a second after as many good ones as a second holds. */
export function recordSuccess(pace: Pace): Pace {
  const well = pace.well + 1;
  return well < pace.rate || pace.rate === pace.maxRate
    ? { ...pace, well }
    : { ...pace, rate: pace.rate + 1, well: 0 };
}

/**
 * Half as many a second. Writes that were under way when it was slowed down already say nothing
 * new.
 */
export function recordThrottle(
  pace: Pace,
  { begunAt, now }: { readonly begunAt: number; readonly now: number },
): Pace {
  if (begunAt <= pace.slowedAt) return pace;
  return { ...pace, rate: Math.max(1, Math.floor(pace.rate / 2)), well: 0, slowedAt: now };
}
