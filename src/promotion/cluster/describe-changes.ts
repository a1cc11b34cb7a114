import { describeGoingBack, tagsOnly, type Difference, type Plan } from "../../domain/plan.ts";
import type { CurrentRelease } from "../../ports/environments.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";

export interface Changes {
  readonly promotion: ResolvedPromotion;
  readonly current: CurrentRelease | undefined;
  /** undefined: the cluster was not read. */
  readonly differences: readonly Difference[] | undefined;
}

/** The same digests run, every tag is in place, and no object differs. */
export function changesNothing({ promotion, current, differences }: Changes): boolean {
  return (
    current?.set === promotion.set &&
    promotion.tags !== undefined &&
    tagsToWrite(promotion) === 0 &&
    differences !== undefined &&
    differences.every(({ kind }) => kind === "same")
  );
}

/** What a promotion would do, in one sentence; the plan lists it. */
export function describeChanges(changes: Changes, { cluster }: Pick<Plan, "cluster">): string {
  const { promotion, current, differences = [] } = changes;
  if (changesNothing(changes)) {
    const { environment, version } = promotion;
    return `nothing would change: ${environment} runs ${version} with these digests, and its tags are in place`;
  }
  const count = (kind: Difference["kind"]): number =>
    differences.filter((one) => one.kind === kind).length;
  const { version, back } = promotion;
  const direction = back
    ? `${describeGoingBack({ fromVersion: current?.version, version })}: `
    : "";
  const written = `${direction}${counted(tagsToWrite(promotion), "tag")} would be written`;
  if (cluster === undefined) return `${written} (${tagsOnly})`;
  return [
    written,
    `${counted(count("create"), "object")} created`,
    `${count("change")} changed`,
    `${count("same")} left unchanged`,
  ].join(", ");
}

function tagsToWrite({ tags = [] }: ResolvedPromotion): number {
  return tags
    .flatMap(({ release, moving }) => [release ?? [], moving ?? []].flat())
    .filter(({ state }) => state !== "in-place").length;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
