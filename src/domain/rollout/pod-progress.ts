import { textAt } from "../json.ts";
import { conditionOf, conditionText, isTrue } from "../pod-spec/conditions.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import type { RolloutState } from "./rollout-state.ts";

/** Of a Pod that is an object of its own. One that has done its work is not ready, and complete. */
export function podProgress(pod: KubernetesObject): RolloutState {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded") return { kind: "complete", reason: "it has completed" };
  if (phase === "Failed") return { kind: "stalled", reason: "it failed" };
  const ready = conditionOf(pod, "Ready");
  if (isTrue(ready)) return { kind: "complete", reason: "it is ready" };
  const why = ready === undefined ? "" : `: ${conditionText(ready)}`;
  return { kind: "progressing", reason: `it is not ready${why}` };
}
