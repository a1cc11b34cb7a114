import type { JsonObject } from "../../json-value.ts";
import { ApiRefusal, forbidden, invalid } from "../objects/api-refusal.ts";
import { nameOf, namespaceOf } from "../objects/object-value.ts";
import { knownResource, type Resource } from "../objects/resource-table.ts";
import { objectFaults } from "../validation/validate-object.ts";

/** A quota, webhook, policy or security standard that somebody injected. */
export interface Admission {
  /** From now on objects of the kind in the namespace are refused in these words; undefined: none. */
  refuse(kind: string, namespace: string, words: string | undefined): void;
  /** What the server answers instead of writing the object; a quota counts only what is new. */
  refusalOf(resource: Resource, object: JsonObject, isNew: boolean): ApiRefusal | undefined;
}

const pods = knownResource("Pod");

export function createAdmission(): Admission {
  const refused = new Map<string, string>();
  return {
    refuse: (kind, namespace, words) =>
      words === undefined
        ? void refused.delete(keyOf(kind, namespace))
        : void refused.set(keyOf(kind, namespace), words),
    refusalOf(resource, object, isNew) {
      const words = refused.get(keyOf(resource.kind, namespaceOf(object)));
      if (words === undefined || (!isNew && words.startsWith("exceeded quota"))) return undefined;
      return refusalIn(words, resource, nameOf(object));
    },
  };
}

const keyOf = (kind: string, namespace: string): string => `${namespace}/${kind}`;

/** Why the server would not take a pod that a controller makes; undefined: it would. */
export function podRefusal(admission: Admission, pod: JsonObject): string | undefined {
  const causes = objectFaults(pods, pod, undefined);
  const refusal =
    admission.refusalOf(pods, pod, true) ??
    (causes.length > 0 ? invalid(pods, nameOf(pod), causes) : undefined);
  return refusal?.message;
}

/**
 * Webhooks speak for themselves, with the code that controller-runtime's `Denied` has (apiserver
 * pkg/admission/plugin/webhook/errors/statuserror.go); one that cannot be called is an internal
 * error (generic/webhook.go).
 */
function refusalIn(message: string, resource: Resource, name: string): ApiRefusal {
  if (message.startsWith("admission webhook ")) {
    return new ApiRefusal(403, "Forbidden", { message });
  }
  if (message.startsWith("Internal error occurred: ")) {
    return new ApiRefusal(500, "InternalError", { message });
  }
  return forbidden(resource, name, message);
}
