import { objectAt, stringAt, numberAt, type JsonObject, valueAt } from "../../json-value.ts";
import { namespaceOf, nameOf, isOwnedBy, withValue, uidOf } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { templateOf, sameTemplate, hashLabel, templateHash, withHash } from "./pod-template.ts";
import type { SetSize } from "./rolling-update.ts";

const replicaSets = knownResource("ReplicaSet");
export const revisionKey = "deployment.kubernetes.io/revision";

/** Oldest revision first. */
export function setsOf(store: ObjectStore, deployment: JsonObject): readonly JsonObject[] {
  const owned = store
    .list(replicaSets, namespaceOf(deployment))
    .filter((set) => isOwnedBy(set, deployment));
  return owned.toSorted((a, b) => revisionOf(a) - revisionOf(b));
}

export function revisionOf(object: JsonObject): number {
  return Number(stringAt(object, "metadata", "annotations", revisionKey) ?? 0);
}

export function currentSet(
  deployment: JsonObject,
  sets: readonly JsonObject[],
): JsonObject | undefined {
  return sets.find((set) => sameTemplate(templateOf(set), templateOf(deployment)));
}

export function newReplicaSet(
  deployment: JsonObject,
  birth: {
    readonly revision: number;
    readonly size: number;
    readonly replicas: number;
    readonly maxSurge: number;
  },
): JsonObject {
  const hash = templateHash(templateOf(deployment));
  const { labels } = objectAt(templateOf(deployment), "metadata");
  const owner = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: nameOf(deployment),
    uid: uidOf(deployment),
    controller: true,
    blockOwnerDeletion: true,
  };
  const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...annotations } = objectAt(
    deployment,
    "metadata",
    "annotations",
  );
  return {
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels: { ...objectAt({ labels }, "labels"), [hashLabel]: hash },
      annotations: {
        ...annotations,
        [revisionKey]: String(birth.revision),
        "deployment.kubernetes.io/desired-replicas": String(birth.replicas),
        "deployment.kubernetes.io/max-replicas": String(birth.replicas + birth.maxSurge),
      },
      ownerReferences: [owner],
    },
    spec: {
      replicas: birth.size,
      ...(valueAt(deployment, "spec", "minReadySeconds") === undefined
        ? {}
        : { minReadySeconds: numberAt(deployment, "spec", "minReadySeconds") ?? 0 }),
      selector: withValue(
        objectAt(deployment, "spec", "selector"),
        ["matchLabels", hashLabel],
        hash,
      ),
      template: withHash(templateOf(deployment), hash),
    },
  };
}

export function sizeOf(set: JsonObject): SetSize {
  return {
    name: nameOf(set),
    wanted: numberAt(set, "spec", "replicas") ?? 0,
    available: numberAt(set, "status", "availableReplicas") ?? 0,
  };
}
