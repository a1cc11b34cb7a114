import { maxTimeout, type Clock } from "./clock.ts";

/** What a working clock is made of. */
export interface TimeSource {
  /** Epoch milliseconds of the world outside. */
  readonly now: () => number;
  readonly after: (milliseconds: number, action: () => void) => () => void;
  readonly every: (milliseconds: number, action: () => void) => () => void;
}

export interface WorkingClock extends Clock {
  stop(): void;
}

/**
 * How often it looks whether this process gets to work, and how much of the time between two looks
 * counts at most.
 */
const look = 50;
const counted = 100;

/** After so long nobody was slow: the machine slept, and the clock follows it. */
const asleep = 60_000;

/**
 * Real time without the stalls of this process. On a machine that is short of processors, or in a
 * burst, functions, services and clients all get slower together, and only a time limit would go on
 * as ever. So time stands still while the event loop does: it is the same for whoever waits and
 * whoever is waited for. It never goes back.
 */
export function workingClock(source: TimeSource = realTime): WorkingClock {
  let base = source.now();
  let lastLook = base;
  const worked = (): number => {
    const passed = Math.max(0, source.now() - lastLook);
    return passed > asleep ? passed : Math.min(passed, counted);
  };
  const now = (): number => base + worked();
  const stop = source.every(look, () => {
    base = now();
    lastLook = source.now();
  });
  return { now, stop, at: (at, action) => timer({ now, after: source.after }, at, action) };
}

function timer(
  { now, after }: Pick<TimeSource, "now" | "after">,
  at: number,
  action: () => void,
): () => void {
  let cancel: () => void;
  const arm = (): void => {
    cancel = after(Math.max(0, Math.min(at - now(), maxTimeout)), () =>
      now() < at ? arm() : action(),
    );
  };
  arm();
  return () => cancel();
}

const realTime: TimeSource = {
  now: () => Date.now(),
  after(milliseconds, action) {
    const handle = setTimeout(action, milliseconds);
    return () => clearTimeout(handle);
  },
  // A look keeps nobody from leaving.
  every(milliseconds, action) {
    const handle = setInterval(action, milliseconds).unref();
    return () => clearInterval(handle);
  },
};
