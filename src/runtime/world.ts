import type { Clock, Pause } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";

/** Everything that a function takes from outside; passed in, so that two clouds can share a process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly configurations: Configurations;
  /** Runs an action at that time, epoch milliseconds; gives what cancels it. */
  readonly at: (time: number, action: () => void) => () => void;
  readonly pause: Pause;
  /**
   * Ends the process of this function without an answer, so that nothing is left to be thawed;
   * Lambda reports `Runtime.ExitError`.
   */
  readonly exit: () => void;
  /** One log record, as JSON. */
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}
