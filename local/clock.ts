/** Epoch milliseconds, and one-shot timers that fire when the clock reaches them. */
export interface Clock {
  now(): number;
  /** Runs `action` once when `now() >= at`. The returned function cancels it. */
  at(at: number, action: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  at: (at, action) => realTimer(at, action),
};

/** setTimeout holds at most 2^31-1 ms (24.8 days); a longer wait is made of several. */
export const maxTimeout = 2_147_483_647;

function realTimer(at: number, action: () => void): () => void {
  let handle: NodeJS.Timeout;
  const arm = (): void => {
    const left = at - Date.now();
    handle = setTimeout(left > maxTimeout ? arm : action, Math.max(0, Math.min(left, maxTimeout)));
  };
  arm();
  return () => clearTimeout(handle);
}

/** A clock that stands still until it is told to go on: tests of hours run in milliseconds. */
export interface VirtualClock extends Clock {
  /** Due time of the next timer, undefined when none is set. */
  next(): number | undefined;
  /** Moves to `at` (never backwards) and fires what is due on the way, in order of due time. */
  advanceTo(at: number): void;
}

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export function virtualClock(start = Date.parse("2026-01-05T09:00:00Z")): VirtualClock {
  let now = start;
  const timers = new Set<Timer>();
  const next = (): Timer | undefined => earliest(timers);
  return {
    now: () => now,
    next: () => next()?.at,
    at(at, action) {
      const timer = { at, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advanceTo(at) {
      for (let timer = next(); timer && timer.at <= at; timer = next()) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.action();
      }
      now = Math.max(now, at);
    },
  };
}

/** Sets iterate in insertion order, so timers of one instant fire in the order they were set. */
function earliest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (!first || timer.at < first.at) first = timer;
  return first;
}

export function isVirtual(clock: Clock): clock is VirtualClock {
  return "advanceTo" in clock;
}
