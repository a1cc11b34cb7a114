import type { Clock } from "../clock.ts";
import type { Rule } from "./rule.ts";

/** The rules of the bus as they are now, with the timers of the scheduled ones. */
export interface RuleBook {
  all(): readonly Rule[];
  find(name: string): Rule | undefined;
  put(rule: Rule): void;
  remove(name: string): void;
  close(): void;
}

export function createRuleBook(
  clock: Clock,
  run: (rule: Rule, scheduledAt: number) => void,
): RuleBook {
  const rules = new Map<string, Rule>();
  const timers = new Map<string, () => void>();

  function disarm(name: string): void {
    timers.get(name)?.();
    timers.delete(name);
  }

  /**
   * The next run counts from the scheduled time, so that a slow machine does not shift the
   * schedule.
   */
  function arm(rule: Rule, from: number): void {
    disarm(rule.name);
    const at = rule.state === "ENABLED" ? rule.schedule?.after(from) : undefined;
    if (at === undefined) return;
    const fire = (): void => {
      arm(rule, at);
      run(rule, at);
    };
    timers.set(rule.name, clock.at(at, fire));
  }

  return {
    all: () => [...rules.values()],
    find: (name) => rules.get(name),
    put(rule) {
      rules.set(rule.name, rule);
      arm(rule, clock.now());
    },
    remove(name) {
      rules.delete(name);
      disarm(name);
    },
    close: () => [...timers.keys()].forEach(disarm),
  };
}
