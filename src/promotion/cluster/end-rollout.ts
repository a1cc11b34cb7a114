import {
  countUnclear,
  maxUnclearLooks,
  pauseAfterUnclear,
  type ObservePolicy,
} from "../../domain/observation.ts";
import { describeAbort, type Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { findEnvironment } from "../record/find-environment.ts";
import { go, type Decision } from "../step/step.ts";

export const endRolloutNeeds = [
  "promotions.read",
  "promotions.markRolledOut",
] as const satisfies readonly Need[];
type EndRolloutPorts = PortsFor<typeof endRolloutNeeds>;

/** The new release is what runs from here on, unless somebody has aborted the promotion. */
export async function endRollout(
  promotion: Promotion,
  reasons: readonly string[],
  { promotions }: EndRolloutPorts,
): Promise<Decision<"complete" | "aborted">> {
  return (await promotions.markRolledOut(promotion.id))
    ? go("complete", { reasons })
    : goBack((await promotions.read(promotion.id)) ?? promotion);
}

export function goBack({ abort }: Promotion): Decision<"aborted"> {
  const reasons = abort ? [describeAbort(abort)] : [];
  return go("aborted", { change: { trouble: reasons }, reasons });
}

/** undefined: the release is not watched, or promoter.yml does not have the environment any more. */
export async function observePolicyOf(
  promotion: Promotion,
  { configurations }: Pick<EndRolloutPorts, "configurations">,
): Promise<ObservePolicy | undefined> {
  const found = findEnvironment(await configurations.read(), promotion);
  return "unknown" in found ? undefined : found.environment.observe;
}

interface UnclearLook {
  readonly promotion: Promotion;
  readonly visit: string | undefined;
  readonly reasons: readonly string[];
}

/**
 * While a release is watched, a look that says nothing of it is repeated soon; after some in a row
 * it counts as not well.
 */
export function lookAgain<Outcome extends string>(
  { promotion: { observing }, visit, reasons }: UnclearLook,
  again: Outcome,
): Decision<Outcome | "unwell"> {
  if (!observing) return go(again, { reasons, seconds: pauseAfterUnclear });
  const change = { observing: countUnclear(observing, visit) };
  if (change.observing.unclear < maxUnclearLooks) {
    return go(again, { change, reasons, seconds: pauseAfterUnclear });
  }
  const trouble = [`it was not seen to be well ${maxUnclearLooks} times in a row`, ...reasons];
  return go("unwell", { change: { ...change, trouble }, reasons: trouble });
}
