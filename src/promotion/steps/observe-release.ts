import {
  describeWindow,
  observationPause,
  type ObserverAnswer,
  type Observation,
  type ObservePolicy,
} from "../../domain/observation.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import {
  endRollout,
  endRolloutNeeds,
  goBack,
  lookAgain,
  observePolicyOf,
} from "../cluster/end-rollout.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { secondsUntil } from "../step/step-result.ts";
import { go, step, type Decision } from "../step/step.ts";

const needs = [
  ...endRolloutNeeds,
  "observers.alarms",
  "observers.http",
  "observers.invoke",
] as const satisfies readonly Need[];
type ObserveReleasePorts = PortsFor<typeof needs>;

/**
 * Looks once at what tells whether the release is well. It reaches no cluster: `CheckRollout` looks
 * there, before each of these looks. The first look at or after the end of the time that finds it
 * well ends the rollout.
 */
export const observeRelease = step({
  name: "ObserveRelease",
  needs,
  goes: "to-the-end",
  async run(
    promotion,
    ports,
    { visit },
  ): Promise<Decision<"aborted" | "complete" | "observed" | "unwell">> {
    if (promotion.abort) return goBack(promotion);
    const policy = await observePolicyOf(promotion, ports);
    const { observing } = promotion;
    if (!policy || !observing) return endRollout(promotion, [], ports);
    const looks = await lookAt({ policy, promotion, observing }, ports);
    const unwell = reasonsOf(looks, "unwell");
    if (unwell.length > 0) return go("unwell", { change: { trouble: unwell }, reasons: unwell });
    const unclear = reasonsOf(looks, "unclear");
    if (unclear.length > 0) return lookAgain({ promotion, visit, reasons: unclear }, "observed");
    const well = reasonsOf(looks, "well");
    const now = ports.clock.now();
    if (now >= observing.until) return endRollout(promotion, well, ports);
    const pause = observationPause((now - observing.since) / 1000);
    return go("observed", {
      seconds: Math.min(pause, secondsUntil(observing.until, now)),
      reasons: [describeWindow(observing), ...well],
      change: observing.unclear > 0 ? { observing: { ...observing, unclear: 0 } } : {},
    });
  },
});

interface WatchedRelease {
  readonly policy: ObservePolicy;
  readonly promotion: ResolvedPromotion;
  readonly observing: Observation;
}

async function lookAt(
  { policy, promotion, observing: { since, until } }: WatchedRelease,
  { observers }: ObserveReleasePorts,
): Promise<readonly ObserverAnswer[]> {
  const { id, application, environment, version, members } = promotion;
  const { alarms, http, function: fn } = policy;
  const release = { promotion: id, application, environment, version, since, until, members };
  const looks = await Promise.all([
    alarms.length > 0 ? observers.alarms(alarms) : [],
    http === undefined ? [] : observers.http(http),
    fn === undefined ? [] : observers.invoke(fn, release),
  ]);
  return looks.flat();
}

function reasonsOf(
  looks: readonly ObserverAnswer[],
  kind: ObserverAnswer["kind"],
): readonly string[] {
  return looks.flatMap((look) => (look.kind === kind ? [look.reason] : []));
}
