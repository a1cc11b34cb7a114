import type { Clock } from "../clock.ts";
import type { Rule } from "./rule.ts";

/**
 * Runs the scheduled ones among the rules. The next run counts from the scheduled time, so that a
 * slow machine does not shift the schedule.
 */
export function startSchedules(
  clock: Clock,
  rules: readonly Rule[],
  run: (rule: Rule, scheduledAt: number) => void,
): { close(): void } {
  const timers = new Map<Rule, () => void>();
  const arm = (rule: Rule, at: number): void => {
    const fire = (): void => {
      arm(rule, rule.schedule?.after(at) ?? Infinity);
      run(rule, at);
    };
    timers.set(rule, clock.at(at, fire));
  };
  for (const rule of rules) if (rule.schedule) arm(rule, rule.schedule.after(clock.now()));
  return { close: () => timers.forEach((cancel) => cancel()) };
}
