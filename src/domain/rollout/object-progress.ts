import { numberAt, textAt } from "../json.ts";
import { conditionOf, conditionText, isTrue } from "../pod-spec/conditions.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import type { RolloutStart, RolloutState } from "./rollout-state.ts";

// Objects that start no pods. The rules are kstatus': sigs.k8s.io/cli-utils, pkg/kstatus/status/core.go and generic.go.

/** A claim may be bound only when a pod uses it, so that is not waited for. */
export function claimProgress(claim: KubernetesObject): RolloutState {
  return textAt(claim, "status", "phase") === "Lost"
    ? { kind: "stalled", reason: "its volume is lost" }
    : applied;
}

/** The address outside comes later, from the cloud, and does not always come. */
export function serviceProgress(service: KubernetesObject): RolloutState {
  const waits =
    textAt(service, "spec", "type") === "LoadBalancer" &&
    textAt(service, "spec", "clusterIP") === undefined;
  return waits ? { kind: "progressing", reason: "it has no cluster IP yet" } : applied;
}

export function definitionProgress(definition: KubernetesObject): RolloutState {
  const names = conditionOf(definition, "NamesAccepted");
  if (textAt(names, "status") === "False") {
    return { kind: "stalled", reason: `its names are not accepted: ${conditionText(names)}` };
  }
  return isTrue(conditionOf(definition, "Established"))
    ? { kind: "complete", reason: "its kind is established" }
    : { kind: "progressing", reason: "waits for the condition Established" };
}

export function observedProgress(object: KubernetesObject, start: RolloutStart): RolloutState {
  return isBehind(numberAt(object, "status", "observedGeneration"), object, start)
    ? { kind: "progressing", reason: notSeen }
    : applied;
}

/** Until then a controller that writes conditions should have written some. */
const firstStatus = 10_000;

/**
 * Of a custom resource. Its controller says with the conditions Reconciling, Stalled and Ready how
 * far it is, or with some of them, or not at all.
 */
export function customProgress(object: KubernetesObject, start: RolloutStart): RolloutState {
  if (isBehind(numberAt(object, "status", "observedGeneration"), object, start)) {
    return { kind: "progressing", reason: notSeen };
  }
  if (object["status"] === undefined && start.now < start.startedAt + firstStatus) {
    return { kind: "progressing", reason: "waits a little for a status: nobody has written one" };
  }
  const stalled = conditionOf(object, "Stalled");
  if (isTrue(stalled)) {
    return { kind: "stalled", reason: `its condition Stalled is True: ${conditionText(stalled)}` };
  }
  const reconciling = conditionOf(object, "Reconciling");
  if (isTrue(reconciling)) {
    const why = `waits until its condition Reconciling is not True: ${conditionText(reconciling)}`;
    return { kind: "progressing", reason: why };
  }
  return readyProgress(object, start);
}

function readyProgress(object: KubernetesObject, start: RolloutStart): RolloutState {
  const ready = conditionOf(object, "Ready");
  if (ready === undefined) return applied;
  if (isBehind(numberAt(ready, "observedGeneration"), object, start)) {
    return { kind: "progressing", reason: "waits for its condition Ready of the new generation" };
  }
  return isTrue(ready)
    ? { kind: "complete", reason: "its condition Ready is True" }
    : { kind: "progressing", reason: `waits for its condition Ready: ${conditionText(ready)}` };
}

const notSeen = "its controller has not seen the new spec yet";
const applied: RolloutState = { kind: "complete", reason: "it is applied" };

/** Not every controller writes a generation. */
function isBehind(
  observed: number | undefined,
  { metadata }: KubernetesObject,
  { generation }: RolloutStart,
): boolean {
  return observed !== undefined && observed < Math.max(generation, metadata.generation ?? 0);
}
