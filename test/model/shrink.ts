import type { ModelOptions } from "./model-world.ts";
import { runSchedule, type Outcome } from "./run-schedule.ts";

export interface Shrunk extends Outcome {
  readonly without: readonly string[];
  /** What it takes. */
  readonly left: readonly string[];
}

/**
 * Looks for fewer things that still break the same promise: leaves out half of them, then quarters,
 * until single ones.
 */
export async function shrink(
  schedule: ModelOptions,
  found: Outcome,
  mostRuns = 150,
): Promise<Shrunk> {
  const kinds = new Set(found.violations.map(kindOf));
  const without = new Set<string>();
  let best = found;
  let runs = 0;
  for (
    let size = Math.ceil(found.drawn.length / 2);
    size >= 1 && runs < mostRuns;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < found.drawn.length && runs < mostRuns; from += size) {
      const more = found.drawn.slice(from, from + size).filter((name) => !without.has(name));
      if (more.length === 0) continue;
      runs += 1;
      const outcome = await runSchedule({ ...schedule, without: new Set([...without, ...more]) });
      if (!outcome.violations.some((one) => kinds.has(kindOf(one)))) continue;
      best = outcome;
      for (const name of more) without.add(name);
    }
  }
  return { ...best, without: [...without], left: best.drawn };
}

function kindOf(violation: string): string {
  return violation.split(":")[0] ?? "";
}
