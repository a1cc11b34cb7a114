import type { EventDetails, EventType, NewEvent } from "../executions/history-event.ts";
import { Abandoned } from "./state-failure.ts";

/** What the work of an execution needs of it. */
export interface Trunk {
  append(event: NewEvent): number;
  /** Counts a fiber as at work until the returned function is called. */
  atWork(): () => void;
}

/** The work of an execution. Stopped, it throws Abandoned at its next step. */
export interface Fiber {
  /** Id of the last event, which the next one names as previous. */
  readonly last: number;
  record(type: EventType, details?: EventDetails): number;
  continueFrom(id: number): void;
  /** Work that needs no waiting: the clock stands still meanwhile. */
  compute<T>(work: Promise<T>): Promise<T>;
  /**
   * Rests until `resume` is called; the function that `arm` returns takes down what it has set up,
   * and is called exactly once.
   */
  wait<T>(arm: (resume: (value: T) => void) => () => void): Promise<T>;
}

export interface StartedFiber {
  stop(): void;
}

/** `body` handles its own outcome; what it throws is lost. */
export function startFiber(trunk: Trunk, body: (fiber: Fiber) => Promise<void>): StartedFiber {
  const line: Line = {
    trunk,
    release: trunk.atWork(),
    last: 0,
    stopped: false,
    abandon: undefined,
  };
  void body(fiberOf(line))
    .catch(() => undefined)
    .finally(() => line.release());
  return {
    stop() {
      line.stopped = true;
      line.abandon?.();
    },
  };
}

interface Line {
  readonly trunk: Trunk;
  release: () => void;
  last: number;
  stopped: boolean;
  /** Ends its rest; set only while it rests. */
  abandon: (() => void) | undefined;
}

function fiberOf(line: Line): Fiber {
  return {
    get last() {
      return line.last;
    },
    record(type, details = {}) {
      assertAlive(line);
      line.last = line.trunk.append({ type, previousEventId: line.last, details });
      return line.last;
    },
    continueFrom: (id) => {
      line.last = id;
    },
    async compute(work) {
      const result = await work;
      assertAlive(line);
      return result;
    },
    async wait(arm) {
      assertAlive(line);
      const value = await rest(line, arm);
      assertAlive(line);
      return value;
    },
  };
}

function rest<T>(line: Line, arm: (resume: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const wake = (then: () => void): void => {
      if (!line.abandon) return;
      line.abandon = undefined;
      line.release = line.trunk.atWork();
      disarm();
      then();
    };
    line.abandon = () => wake(() => reject(new Abandoned()));
    const disarm = arm((result) => wake(() => resolve(result)));
    line.release();
  });
}

function assertAlive({ stopped }: Line): void {
  if (stopped) throw new Abandoned();
}
