import { type JsonObject } from "../../json-value.ts";
import { forbidden, invalid } from "../objects/api-refusal.ts";
import { nameOf, namespaceOf } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import { objectFaults } from "../validation/validate-object.ts";

/**
 * What stands between a controller and a new pod: validation, and a quota, webhook or security
 * standard that refuses.
 */
export interface PodAdmission {
  /** From now on all new pods of the namespace are refused in these words; undefined: none are. */
  refuse(namespace: string, words: string | undefined): void;
  /** What the server answers instead of making the pod. */
  refusalOf(pod: JsonObject): string | undefined;
}

const pods = knownResource("Pod");

export function createPodAdmission(): PodAdmission {
  const refused = new Map<string, string>();
  return {
    refuse: (namespace, words) =>
      words === undefined ? void refused.delete(namespace) : void refused.set(namespace, words),
    refusalOf(pod) {
      const words = refused.get(namespaceOf(pod));
      if (words !== undefined) {
        return isWhole(words) ? words : forbidden(pods, nameOf(pod), words).message;
      }
      const causes = objectFaults(pods, pod, undefined);
      return causes.length > 0 ? invalid(pods, nameOf(pod), causes).message : undefined;
    },
  };
}

/**
 * Webhooks speak for themselves: apiserver pkg/admission/plugin/webhook/errors/statuserror.go, and
 * generic/webhook.go where they cannot be called.
 */
function isWhole(words: string): boolean {
  return words.startsWith("admission webhook ") || words.startsWith("Internal error occurred: ");
}
