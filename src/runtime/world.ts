import type { Clock, Pause } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";

/** All that a function takes from outside: handed in, so that two clouds can run in one process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly configurations: Configurations;
  /** Does something at that time, epoch milliseconds, unless it is called off by what this gives. */
  readonly at: (time: number, action: () => void) => () => void;
  readonly pause: Pause;
  /**
   * Ends the process of this function without an answer, so that nothing of it is left to be
   * thawed; Lambda reports `Runtime.ExitError`.
   */
  readonly exit: () => void;
  /** One log record, as JSON. */
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}
