import { valueAt } from "../json.ts";
import { conditionOf, conditionText, isTrue } from "../pod-spec/conditions.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import { statusNumber, type RolloutState } from "./rollout-state.ts";

/** Then it does nothing any more. */
export function hasFailed(job: KubernetesObject): boolean {
  return isTrue(conditionOf(job, "Failed"));
}

/**
 * Complete once its work is done: kubernetes.io/docs/concepts/workloads/controllers/job, "Terminal
 * Job conditions".
 */
export function jobProgress(job: KubernetesObject): RolloutState {
  const failed = conditionOf(job, "Failed");
  if (isTrue(failed)) return { kind: "stalled", reason: `it failed: ${conditionText(failed)}` };
  if (isTrue(conditionOf(job, "Complete"))) return { kind: "complete", reason: "it has completed" };
  if (valueAt(job, "spec", "suspend") === true) {
    return { kind: "progressing", reason: "it is suspended, so it does not run" };
  }
  const [active, failures] = [statusNumber(job, "active"), statusNumber(job, "failed")];
  const tries = failures === 0 ? "" : `, ${failures} failed before`;
  return { kind: "progressing", reason: `it has not completed: ${active} pods run${tries}` };
}
