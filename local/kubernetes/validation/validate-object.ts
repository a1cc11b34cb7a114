import { type JsonObject, numberAt, objectAt, stringAt, valueAt } from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { selectorMatches } from "../objects/label-selector.ts";
import { sameJson } from "../objects/object-value.ts";
import type { Resource } from "../objects/resource-table.ts";
import {
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from "../objects/validation-cause.ts";
import { customFaults } from "./validate-custom.ts";
import { definitionFaults } from "./validate-definition.ts";
import { labelFaults, metadataFaults } from "./validate-metadata.ts";
import { podSpecFaults } from "./validate-pod-spec.ts";
import { imageSpaceFaults, podChangeFaults } from "./validate-pod.ts";
import { serviceFaults } from "./validate-service.ts";

/**
 * What the server refuses with 422. `live` is the object as it stands, undefined when it is
 * created.
 */
export function objectFaults(
  resource: Resource,
  object: JsonObject,
  live: JsonObject | undefined,
): readonly Cause[] {
  const own = resource.custom
    ? customFaults(object, resource.custom.schema)
    : kindFaults(resource, object, live);
  return [...metadataFaults(resource, object, live), ...own];
}

function kindFaults(
  resource: Resource,
  object: JsonObject,
  live: JsonObject | undefined,
): readonly Cause[] {
  switch (resource.kind) {
    case "Deployment":
      return [...deploymentFaults(object), ...workloadFaults(object, live)];
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
      return workloadFaults(object, live);
    case "Job":
      return jobTemplateFaults(object, live);
    case "Service":
      return serviceFaults(object, live);
    case "ConfigMap":
      return dataFaults(object, live);
    case "Secret":
      return [
        ...dataFaults(object, live),
        ...secretKeyFaults(object),
        ...secretTypeFaults(object, live),
      ];
    case "CustomResourceDefinition":
      return definitionFaults(object);
    case "Pod":
      return [
        ...podSpecFaults(objectAt(object, "spec"), "spec"),
        ...imageSpaceFaults(object),
        ...podChangeFaults(object, live),
      ];
    default:
      return [];
  }
}

function workloadFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const selector = valueAt(object, "spec", "selector");
  return [
    ...notNegative(object, ["spec.replicas", "spec.minReadySeconds", "spec.revisionHistoryLimit"]),
    ...selectorFaults(object),
    ...templateLabelFaults(object),
    ...podSpecFaults(objectAt(object, "spec", "template", "spec"), "spec.template.spec"),
    ...restartPolicyFaults(object),
    ...(live && !sameJson(selector, valueAt(live, "spec", "selector"))
      ? [invalidValue("spec.selector", selector ?? null, "field is immutable")]
      : []),
  ];
}

/** Pkg/apis/batch/validation/validation.go, ValidateJobSpecUpdate. */
function jobTemplateFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const [template, before] = [object, live].map((one) => valueAt(one, "spec", "template"));
  return live === undefined || sameJson(template, before)
    ? []
    : [invalidValue("spec.template", template ?? null, "field is immutable")];
}

function selectorFaults(object: JsonObject): readonly Cause[] {
  const selector = valueAt(object, "spec", "selector");
  if (selector === undefined) return [required("spec.selector")];
  return Object.keys(objectAt(selector)).length === 0
    ? [invalidValue("spec.selector", selector, "empty selector is invalid for deployment")]
    : [];
}

function templateLabelFaults(object: JsonObject): readonly Cause[] {
  const labels = objectAt(object, "spec", "template", "metadata", "labels");
  const selector = valueAt(object, "spec", "selector");
  if (selector !== undefined && selectorMatches(objectAt(selector), labels)) {
    return labelFaults(labels, "spec.template.metadata.labels");
  }
  return [
    invalidValue(
      "spec.template.metadata.labels",
      labels,
      "`selector` does not match template `labels`",
    ),
  ];
}

function restartPolicyFaults(object: JsonObject): readonly Cause[] {
  const policy = stringAt(object, "spec", "template", "spec", "restartPolicy");
  if (policy === undefined || policy === "Always") return [];
  return [unsupported("spec.template.spec.restartPolicy", policy, ["Always"])];
}

function deploymentFaults(object: JsonObject): readonly Cause[] {
  const strategy = objectAt(object, "spec", "strategy");
  const type = stringAt(strategy, "type");
  const deadline = numberAt(object, "spec", "progressDeadlineSeconds");
  return [
    ...(type === "RollingUpdate" || type === "Recreate"
      ? []
      : [
          unsupported("spec.strategy", { Type: type ?? "", RollingUpdate: null }, [
            "Recreate",
            "RollingUpdate",
          ]),
        ]),
    ...(type === "Recreate" && strategy["rollingUpdate"] !== undefined
      ? [
          forbiddenField(
            "spec.strategy.rollingUpdate",
            "may not be specified when strategy `type` is 'Recreate'",
          ),
        ]
      : []),
    ...budgetFaults(objectAt(strategy, "rollingUpdate")),
    ...(deadline !== undefined && deadline <= (numberAt(object, "spec", "minReadySeconds") ?? 0)
      ? [
          invalidValue(
            "spec.progressDeadlineSeconds",
            deadline,
            "must be greater than minReadySeconds",
          ),
        ]
      : []),
  ];
}

function budgetFaults(rollingUpdate: JsonObject): readonly Cause[] {
  const field = "spec.strategy.rollingUpdate";
  const malformed = ["maxSurge", "maxUnavailable"].flatMap((name) => {
    const value = rollingUpdate[name];
    if (typeof value !== "string" || /^\d+%$/.test(value)) return [];
    return [
      invalidValue(
        `${field}.${name}`,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  });
  const isZero = (name: string): boolean => [0, "0%"].some((zero) => zero === rollingUpdate[name]);
  if (!isZero("maxSurge") || !isZero("maxUnavailable")) return malformed;
  return [
    ...malformed,
    invalidValue(
      `${field}.maxUnavailable`,
      rollingUpdate["maxUnavailable"] ?? 0,
      "may not be 0 when `maxSurge` is 0",
    ),
  ];
}

const dataKey = /^[-._a-zA-Z0-9]+$/;
const dataKeyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function dataFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const keys = Object.keys(objectAt(object, "data")).filter((key) => !dataKey.test(key));
  const twice = Object.keys(objectAt(object, "data")).filter(
    (key) => key in objectAt(object, "binaryData"),
  );
  return [
    ...keys.map((key) => invalidValue(`data[${key}]`, key, dataKeyText)),
    ...twice.map((key) =>
      invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"),
    ),
    ...frozenFaults(object, live),
  ];
}

function frozenFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  if (!live || valueAt(live, "immutable") !== true) return [];
  const changed = ["data", "binaryData"].filter(
    (field) => !sameJson(valueAt(live, field), valueAt(object, field)),
  );
  const fields = valueAt(object, "immutable") === true ? changed : ["immutable", ...changed];
  return fields.map((field) => forbiddenField(field, "field is immutable when `immutable` is set"));
}

/**
 * The keys that a type of Secret has to have:
 * https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
 */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function secretKeyFaults(object: JsonObject): readonly Cause[] {
  const missing = (secretKeys[stringAt(object, "type") ?? ""] ?? []).filter(
    (key) => !(key in objectAt(object, "data")),
  );
  return missing.map((key) => required(`data[${key}]`));
}

function secretTypeFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  if (!live || stringAt(live, "type") === stringAt(object, "type")) return [];
  return [invalidValue("type", stringAt(object, "type") ?? "", "field is immutable")];
}

function notNegative(object: JsonObject, fields: readonly string[]): readonly Cause[] {
  return fields.flatMap((field) => {
    const value = numberAt(object, ...field.split("."));
    return value !== undefined && value < 0
      ? [invalidValue(field, value, "must be greater than or equal to 0")]
      : [];
  });
}
