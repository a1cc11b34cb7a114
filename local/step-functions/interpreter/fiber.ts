import type { EventDetails, EventType, NewEvent } from "../executions/history-event.ts";
import { Abandoned } from "./state-failure.ts";

/** What all fibers of an execution share. */
export interface Trunk {
  append(event: NewEvent): number;
  /** Counts a fiber as at work until the returned function is called. */
  atWork(): () => void;
}

/** One line of work within an execution: the machine itself, a branch, an iteration. Stopped, it throws Abandoned at its next step. */
export interface Fiber {
  readonly trunk: Trunk;
  /** Id of the last event of this line, which its next event names as previous. */
  readonly last: number;
  record(type: EventType, details?: EventDetails): number;
  /** Records beside the line: the next event still follows the one before. */
  note(type: EventType, details?: EventDetails): void;
  continueFrom(id: number): void;
  /** Work that needs no waiting: the clock stands still meanwhile. */
  compute<T>(work: Promise<T>): Promise<T>;
  /** Rests until `resume` is called; the function that `arm` returns takes down what it has set up, and is called exactly once. */
  wait<T>(arm: (resume: (value: T) => void) => () => void): Promise<T>;
  enter(kind: string): void;
  leave(): void;
  holdBranches(branches: readonly StartedFiber[]): void;
}

export interface StartedFiber {
  stop(): void;
  readonly last: number;
  readonly finished: boolean;
  /** Events that tell which states were open when it was stopped, innermost first. */
  abortedStates(): readonly EventType[];
}

const abortable = new Set(["Task", "Wait", "Parallel", "Map"]);

/** `body` handles its own outcome; what it throws is lost. */
export function startFiber(trunk: Trunk, from: number, body: (fiber: Fiber) => Promise<void>): StartedFiber {
  let release = trunk.atWork();
  let last = from;
  let stopped = false;
  let finished = false;
  let open: string | undefined;
  let branches: readonly StartedFiber[] = [];
  let abandon: (() => void) | undefined;

  const assertAlive = (): void => { if (stopped) throw new Abandoned(); };
  const append = (type: EventType, details: EventDetails = {}): number => {
    assertAlive();
    return trunk.append({ type, previousEventId: last, details });
  };

  const fiber: Fiber = {
    trunk,
    get last() { return last; },
    record: (type, details) => (last = append(type, details)),
    note: (type, details) => void append(type, details),
    continueFrom: (id) => { last = id; },
    enter: (kind) => { open = kind; },
    leave: () => { open = undefined; },
    holdBranches: (held) => { branches = held; },
    async compute(work) {
      const result = await work;
      assertAlive();
      return result;
    },
    async wait<T>(arm: (resume: (value: T) => void) => () => void): Promise<T> {
      assertAlive();
      const value = await new Promise<T>((resolve, reject) => {
        const wake = (then: () => void): void => {
          if (!abandon) return;
          abandon = undefined;
          release = trunk.atWork();
          disarm();
          then();
        };
        abandon = () => wake(() => reject(new Abandoned()));
        const disarm = arm((result) => wake(() => resolve(result)));
        release();
      });
      assertAlive();
      return value;
    },
  };

  void body(fiber).catch(() => undefined).finally(() => {
    finished = true;
    release();
  });

  return {
    get last() { return last; },
    get finished() { return finished; },
    stop() {
      stopped = true;
      abandon?.();
    },
    abortedStates() {
      const own = open !== undefined && abortable.has(open) ? [`${open}StateAborted` as EventType] : [];
      return [...branches.filter((branch) => !branch.finished).flatMap((branch) => branch.abortedStates()), ...own];
    },
  };
}
