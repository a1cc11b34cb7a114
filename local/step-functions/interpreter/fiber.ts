import type { EventDetails, EventType, NewEvent } from "../executions/history-event.ts";
import { Abandoned } from "./state-failure.ts";

/** What all fibers of an execution share. */
export interface Trunk {
  append(event: NewEvent): number;
  /** Counts a fiber as at work until the returned function is called. */
  atWork(): () => void;
}

/**
 * One line of work within an execution: the machine itself, a branch, an iteration. Stopped, it
 * throws Abandoned at its next step.
 */
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
  /**
   * Rests until `resume` is called; the function that `arm` returns takes down what it has set up,
   * and is called exactly once.
   */
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

/** `body` handles its own outcome; what it throws is lost. */
export function startFiber(
  trunk: Trunk,
  from: number,
  body: (fiber: Fiber) => Promise<void>,
): StartedFiber {
  const line: Line = {
    trunk,
    release: trunk.atWork(),
    last: from,
    stopped: false,
    finished: false,
    open: undefined,
    branches: [],
    abandon: undefined,
  };
  void body(fiberOf(line))
    .catch(() => undefined)
    .finally(() => {
      line.finished = true;
      line.release();
    });
  return {
    get last() {
      return line.last;
    },
    get finished() {
      return line.finished;
    },
    stop() {
      line.stopped = true;
      line.abandon?.();
    },
    abortedStates: () => abortedStates(line),
  };
}

interface Line {
  readonly trunk: Trunk;
  release: () => void;
  last: number;
  stopped: boolean;
  finished: boolean;
  /** Type of the state that it is in. */
  open: string | undefined;
  branches: readonly StartedFiber[];
  /** Ends its rest; set only while it rests. */
  abandon: (() => void) | undefined;
}

function fiberOf(line: Line): Fiber {
  const append = (type: EventType, details: EventDetails = {}): number => {
    assertAlive(line);
    return line.trunk.append({ type, previousEventId: line.last, details });
  };
  return {
    trunk: line.trunk,
    get last() {
      return line.last;
    },
    record: (type, details) => (line.last = append(type, details)),
    note: (type, details) => void append(type, details),
    continueFrom: (id) => {
      line.last = id;
    },
    enter: (kind) => {
      line.open = kind;
    },
    leave: () => {
      line.open = undefined;
    },
    holdBranches: (branches) => {
      line.branches = branches;
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

const abortable = new Set(["Task", "Wait", "Parallel", "Map"]);

function abortedStates({ open, branches }: Line): readonly EventType[] {
  const own = open !== undefined && abortable.has(open) ? [`${open}StateAborted` as EventType] : [];
  return [
    ...branches.filter((branch) => !branch.finished).flatMap((branch) => branch.abortedStates()),
    ...own,
  ];
}
