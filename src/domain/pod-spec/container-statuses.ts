import { listAt } from "../json.ts";
import type { KubernetesObject } from "./object.ts";

/** Of all containers of a pod, in the order in which they start. */
export function containerStatuses(pod: KubernetesObject): readonly unknown[] {
  return [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ];
}
