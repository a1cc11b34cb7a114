/** More than this would only queue for sockets. */
const maxConcurrent = 32;

export interface Pacing {
  /** Resolves when another one may begin; gives when that is. */
  readonly awaitSlot: () => Promise<number>;
  readonly succeeded: () => void;
  /** Whether what failed is to be retried. */
  readonly retries: (
    error: unknown,
    attempt: { readonly begunAt: number; readonly tries: number },
  ) => boolean;
}

export interface ConcurrentRun<Item, Result> {
  /** What was done, in the order of the items. */
  readonly done: readonly { readonly item: Item; readonly result: Result }[];
  readonly failures: readonly unknown[];
}

const unpaced: Pacing = {
  awaitSlot: () => Promise.resolve(0),
  succeeded: () => undefined,
  retries: () => false,
};

/**
 * Runs `work` on all items, several at once; gives the results in the order of the items. Throws
 * the first failure, once nothing is under way.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const {
    done,
    failures: [failure],
  } = await runConcurrently(items, work);
  if (failure !== undefined) throw failure;
  return done.map(({ result }) => result);
}

/**
 * Runs `work` on several items at once. After the first failure no further one begins, and those
 * that are under way are awaited.
 */
export async function runConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  pacing = unpaced,
): Promise<ConcurrentRun<Item, Result>> {
  const done: { readonly item: Item; readonly result: Result; readonly place: number }[] = [];
  const failures: unknown[] = [];
  const attempt = async (item: Item, place: number): Promise<void> => {
    for (let tries = 1; failures.length === 0; tries += 1) {
      const begunAt = await pacing.awaitSlot();
      if (failures.length > 0) return;
      try {
        done.push({ item, place, result: await work(item) });
        return pacing.succeeded();
      } catch (error) {
        if (!pacing.retries(error, { begunAt, tries })) failures.push(error);
      }
    }
  };
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [place, item] of waiting) await attempt(item, place);
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
  return { done: done.toSorted((a, b) => a.place - b.place), failures };
}
