import { type Json, type JsonObject, listAt, objectAt, valueAt } from "../../json-value.ts";
import { withDefault, withValue } from "../objects/object-value.ts";
import { type Default, fillElements, fillFields } from "./fill-fields.ts";

/** Fields whose default is one value: the files defaults.go below kubernetes/kubernetes pkg/apis. */
export const kindDefaults: ReadonlyMap<string, readonly Default[]> = new Map<
  string,
  readonly Default[]
>([
  [
    "ReplicaSet",
    [
      ["spec.replicas", 1],
      ["status.replicas", 0],
    ],
  ],
  [
    "StatefulSet",
    [
      ["spec.replicas", 1],
      ["spec.revisionHistoryLimit", 10],
      ["spec.podManagementPolicy", "OrderedReady"],
      ["spec.updateStrategy.type", "RollingUpdate"],
      ["spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Retain"],
      ["spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Retain"],
      ["status.replicas", 0],
      ["status.availableReplicas", 0],
    ],
  ],
  [
    "DaemonSet",
    [
      ["spec.revisionHistoryLimit", 10],
      ["spec.updateStrategy.type", "RollingUpdate"],
      ["status.currentNumberScheduled", 0],
      ["status.desiredNumberScheduled", 0],
      ["status.numberMisscheduled", 0],
      ["status.numberReady", 0],
    ],
  ],
  [
    "CronJob",
    [
      ["spec.concurrencyPolicy", "Allow"],
      ["spec.suspend", false],
      ["spec.successfulJobsHistoryLimit", 3],
      ["spec.failedJobsHistoryLimit", 1],
      ["spec.jobTemplate.metadata", {}],
      ["spec.jobTemplate.spec.template.metadata", {}],
      ["status", {}],
    ],
  ],
  [
    "HorizontalPodAutoscaler",
    [
      ["spec.minReplicas", 1],
      ["status.currentMetrics", null],
      ["status.desiredReplicas", 0],
    ],
  ],
  ["Ingress", [["status.loadBalancer", {}]]],
  ["ResourceQuota", [["status", {}]]],
  [
    "PersistentVolumeClaim",
    [
      ["spec.volumeMode", "Filesystem"],
      ["status.phase", "Pending"],
    ],
  ],
  [
    "PodDisruptionBudget",
    [
      ["status.currentHealthy", 0],
      ["status.desiredHealthy", 0],
      ["status.disruptionsAllowed", 0],
      ["status.expectedPods", 0],
    ],
  ],
  ["PriorityClass", [["preemptionPolicy", "PreemptLowerPriority"]]],
  [
    "StorageClass",
    [
      ["reclaimPolicy", "Delete"],
      ["volumeBindingMode", "Immediate"],
    ],
  ],
]);

/** Defaults of what is in a list: by the kind, for what `kindDefaults` cannot say. */
export function withListDefaults(kind: string, object: JsonObject): JsonObject {
  switch (kind) {
    case "StatefulSet":
      return withClaims(withRollingUpdate(object, { partition: 0 }));
    case "DaemonSet":
      return withRollingUpdate(object, { maxSurge: 0, maxUnavailable: 1 });
    case "LimitRange":
      return below(object, ["spec"], (spec) => fillElements(spec, "limits", limitDefaults));
    case "EndpointSlice":
      return fillElements(
        fillElements(object, "endpoints", (one) => withDefault(one, ["conditions"], {})),
        "ports",
        (port) =>
          fillFields(port, [
            ["name", ""],
            ["protocol", "TCP"],
          ]),
      );
    case "NetworkPolicy":
      return below(object, ["spec"], policyDefaults);
    case "MutatingWebhookConfiguration":
      return fillElements(object, "webhooks", (one) =>
        withDefault(webhookDefaults(one), ["reinvocationPolicy"], "Never"),
      );
    case "ValidatingWebhookConfiguration":
      return fillElements(object, "webhooks", webhookDefaults);
    default:
      return object;
  }
}

function below(
  object: JsonObject,
  path: readonly string[],
  fill: (inner: JsonObject) => JsonObject,
): JsonObject {
  return valueAt(object, ...path) === undefined
    ? object
    : withValue(object, path, fill(objectAt(object, ...path)));
}

function withRollingUpdate(object: JsonObject, standard: JsonObject): JsonObject {
  const path = ["spec", "updateStrategy"];
  if (valueAt(object, ...path, "type") !== "RollingUpdate") return object;
  const given = objectAt(object, ...path, "rollingUpdate");
  return withValue(object, [...path, "rollingUpdate"], { ...standard, ...given });
}

function withClaims(object: JsonObject): JsonObject {
  return below(object, ["spec"], (spec) =>
    fillElements(spec, "volumeClaimTemplates", (claim) =>
      fillFields(claim, [
        ["apiVersion", "v1"],
        ["kind", "PersistentVolumeClaim"],
        ...(kindDefaults.get("PersistentVolumeClaim") ?? []),
      ]),
    ),
  );
}

/** What is limited is what a container gets without words, and what it gets it requests. */
function limitDefaults(limit: JsonObject): JsonObject {
  if (limit["type"] !== "Container") return limit;
  const standard = { ...objectAt(limit, "max"), ...objectAt(limit, "default") };
  const request = { ...standard, ...objectAt(limit, "min"), ...objectAt(limit, "defaultRequest") };
  const filled = Object.entries({ default: standard, defaultRequest: request });
  return {
    ...limit,
    ...Object.fromEntries(filled.filter(([, one]) => Object.keys(one).length > 0)),
  };
}

const withProtocol = (rule: JsonObject): JsonObject =>
  fillElements(rule, "ports", (port) => withDefault(port, ["protocol"], "TCP"));

function policyDefaults(spec: JsonObject): JsonObject {
  const types: readonly Json[] =
    listAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  return withDefault(
    ["ingress", "egress"].reduce((done, list) => fillElements(done, list, withProtocol), spec),
    ["policyTypes"],
    types,
  );
}

function webhookDefaults(webhook: JsonObject): JsonObject {
  const filled = fillFields(webhook, [
    ["failurePolicy", "Fail"],
    ["matchPolicy", "Equivalent"],
    ["namespaceSelector", {}],
    ["objectSelector", {}],
    ["timeoutSeconds", 10],
  ]);
  const scoped = fillElements(filled, "rules", (rule) => withDefault(rule, ["scope"], "*"));
  return below(scoped, ["clientConfig", "service"], (service) =>
    withDefault(service, ["port"], 443),
  );
}
