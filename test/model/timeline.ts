import type { Clock } from "@promoter/local-cloud/clock";

/** Virtual time: it stands still while anything is at work, and jumps to the next thing that is due. */
export interface Timeline extends Clock {
  after(milliseconds: number, action: () => void): () => void;
  /** Carries out what is due until `end`, in order; or until `isOver` says so. */
  run(end: number, isOver?: () => boolean): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly order: number;
  action: (() => void) | undefined;
}

export function timelineFrom(start: number): Timeline {
  let now = start;
  let order = 0;
  const heap = dueHeap();
  const at: Clock["at"] = (time, action) => {
    const due: Due = { at: Math.max(time, now), order: (order += 1), action };
    heap.push(due);
    return () => void (due.action = undefined);
  };
  return {
    now: () => now,
    at,
    after: (milliseconds, action) => at(now + milliseconds, action),
    async run(end, isOver = () => false) {
      await quiet();
      for (let due = heap.first(); due && due.at <= end; due = heap.first()) {
        heap.pop();
        if (!due.action) continue;
        now = due.at;
        due.action();
        await quiet();
        if (isOver()) return;
      }
      now = Math.max(now, end);
    },
  };
}

/**
 * All promises that can go on have gone on: nothing of the model waits for anything but this
 * timeline.
 */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface DueHeap {
  push(due: Due): void;
  first(): Due | undefined;
  pop(): void;
}

function dueHeap(): DueHeap {
  const items: Due[] = [];
  const isBefore = (one: number, other: number): boolean => {
    const [first, second] = [items[one], items[other]];
    if (!first || !second) return false;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  };
  const swap = (one: number, other: number): void =>
    void ([items[one], items[other]] = [items[other] as Due, items[one] as Due]);
  const up = (index: number): void => {
    const parent = (index - 1) >> 1;
    if (index === 0 || !isBefore(index, parent)) return;
    swap(index, parent);
    up(parent);
  };
  const down = (index: number): void => {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const least = isBefore(right, left) ? right : left;
    if (!isBefore(least, index)) return;
    swap(index, least);
    down(least);
  };
  return {
    push(due) {
      items.push(due);
      up(items.length - 1);
    },
    first: () => items[0],
    pop() {
      const last = items.pop();
      if (!last || items.length === 0) return;
      items[0] = last;
      down(0);
    },
  };
}
