/** Counts what is under way, so that a virtual clock moves only when nothing is. */
export interface Activity {
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing has been under way for a full turn of the event loop. */
  idle(): Promise<void>;
  readonly underWay: number;
}

export function createActivity(): Activity {
  let underWay = 0;
  let waiting: (() => void)[] = [];
  const done = (): void => {
    underWay -= 1;
    if (underWay > 0) return;
    for (const wake of waiting.splice(0)) wake();
  };
  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay += 1;
    return work.finally(done);
  };
  const quiet = async (): Promise<void> => {
    if (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    track,
    get underWay() {
      return underWay;
    },
    async idle() {
      await quiet();
      if (underWay > 0) await this.idle();
    },
  };
}
