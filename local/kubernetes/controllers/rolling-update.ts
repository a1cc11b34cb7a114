/** The numbers of one ReplicaSet that a rolling update looks at. */
export interface SetSize {
  readonly name: string;
  /** `spec.replicas`: how many it shall have. */
  readonly wanted: number;
  readonly available: number;
}

export interface RollingUpdate {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly current: SetSize;
  /** Oldest first. */
  readonly old: readonly SetSize[];
}

export interface Scale {
  readonly name: string;
  readonly replicas: number;
}

/**
 * `25%` or a number, of the replicas; surge rounds up and unavailability down, and both zero would
 * never move
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment).
 */
export function rollingBudget(
  replicas: number,
  surge: number | string,
  unavailable: number | string,
): { maxSurge: number; maxUnavailable: number } {
  const maxSurge = share(surge, replicas, Math.ceil);
  const maxUnavailable = Math.min(replicas, share(unavailable, replicas, Math.floor));
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

function share(value: number | string, whole: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return round((Number.parseInt(value, 10) * whole) / 100);
}

/** How many the new set starts with, or grows to: as many as the surge leaves room for. */
export function roomForNew({ replicas, maxSurge, current, old }: RollingUpdate): number {
  if (current.wanted >= replicas) return replicas;
  const room = replicas + maxSurge - sum([current, ...old], (set) => set.wanted);
  return current.wanted + Math.max(0, Math.min(room, replicas - current.wanted));
}

/**
 * The next change of sizes, empty when nothing may move now: grow the new set first, then shrink
 * the old ones.
 */
export function nextScales(update: RollingUpdate): readonly Scale[] {
  const grown = roomForNew(update);
  if (grown !== update.current.wanted) return [{ name: update.current.name, replicas: grown }];
  return shrinkOld(update);
}

/**
 * pkg/controller/deployment/rolling.go: old pods that do not work go at once, working ones only as
 * far as enough stay available; the new pods that are not available yet count against what may go.
 */
function shrinkOld(update: RollingUpdate): readonly Scale[] {
  const { replicas, maxUnavailable, current, old } = update;
  const minimum = replicas - maxUnavailable;
  const all = [current, ...old];
  const budget = sum(all, (set) => set.wanted) - minimum - (current.wanted - current.available);
  if (budget <= 0) return [];
  const healthy = takeFrom(old, budget, (set) => set.wanted - set.available);
  const available = current.available + sum(old, (set) => set.available);
  const shrunk = takeFrom(healthy, available - minimum, (set) => set.wanted);
  return shrunk
    .filter((set) => old.some((before) => before.name === set.name && before.wanted !== set.wanted))
    .map((set) => ({ name: set.name, replicas: set.wanted }));
}

function takeFrom(
  sets: readonly SetSize[],
  budget: number,
  most: (set: SetSize) => number,
): readonly SetSize[] {
  let left = Math.max(0, budget);
  return sets.map((set) => {
    const taken = Math.max(0, Math.min(left, most(set)));
    left -= taken;
    return { ...set, wanted: set.wanted - taken };
  });
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
