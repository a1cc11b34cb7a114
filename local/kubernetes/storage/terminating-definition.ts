import { type Json, type JsonObject, listAt } from "../../json-value.ts";
import { timestamp, withValue } from "../objects/object-value.ts";

/** Keeps a definition until its objects are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/**
 * What a deletion makes of a definition: apiextensions-apiserver
 * pkg/registry/customresourcedefinition/etcd.go, Delete.
 */
export function terminatingDefinition(definition: JsonObject, now: number): JsonObject {
  const finalizers: readonly Json[] = listAt(definition, "metadata", "finalizers");
  const terminating = {
    type: "Terminating",
    status: "True",
    lastTransitionTime: timestamp(now),
    reason: "InstanceDeletionPending",
    message:
      "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
  };
  const conditions = [...listAt(definition, "status", "conditions"), terminating];
  return withValue(
    withValue(definition, ["status", "conditions"], conditions),
    ["metadata", "finalizers"],
    [...finalizers, cleanupFinalizer],
  );
}
