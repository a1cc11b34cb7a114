import type { Clock } from "../ports/clock.ts";
import type { Configurations } from "../ports/configurations.ts";

/** All that a function takes from outside: handed in, so that two clouds can run in one process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly configurations: Configurations;
  /** One log record, as JSON. */
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
}
