import type { Clock } from "../../clock.ts";

/** Keys to look at, each once, at the present moment of the clock; and what is to be done later. */
export interface WorkQueue {
  add(key: string): void;
  /** Runs at `at`, unless the cluster is closed before. */
  later(at: number, action: () => void): void;
  close(): void;
}

export function createWorkQueue(clock: Clock, work: (key: string) => void): WorkQueue {
  const keys = new Set<string>();
  const timers = new Set<() => void>();
  const later = (at: number, action: () => void): void => {
    const cancel = clock.at(at, () => {
      timers.delete(cancel);
      action();
    });
    timers.add(cancel);
  };
  const drain = (): void => {
    const due = [...keys];
    keys.clear();
    for (const key of due) work(key);
  };
  return {
    add(key) {
      if (keys.size === 0) later(clock.now(), drain);
      keys.add(key);
    },
    later,
    close() {
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
}
