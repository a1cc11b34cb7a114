import { recordAt, textAt, type JsonRecord } from "../../domain/json.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";

/** A document that is not checked yet, as far as it can be taken for an object. */
export function asObject(value: JsonRecord): KubernetesObject {
  return {
    ...value,
    apiVersion: textAt(value, "apiVersion") ?? "",
    kind: textAt(value, "kind") ?? "",
    metadata: { ...recordAt(value, "metadata"), name: textAt(value, "metadata", "name") ?? "" },
  };
}
