import type { Cause } from "./api-refusal.ts";
import { type JsonObject, listAt, nameOf, numberAt, objectAt, sameJson, stringAt, valueAt } from "./json-value.ts";
import type { Resource } from "./resource-table.ts";
import { forbiddenField, invalidValue, required, unsupported } from "./validation-cause.ts";
import { podSpecFaults } from "./validate-pod-spec.ts";
import { selectorMatches } from "./label-selector.ts";

/** What the server refuses with 422. `live` is the object as it stands, undefined when it is created. */
export function objectFaults(resource: Resource, object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  return [...metadataFaults(resource, object), ...kindFaults(resource, object, live)];
}

function kindFaults(resource: Resource, object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  switch (resource.kind) {
    case "Deployment":
      return [...deploymentFaults(object), ...workloadFaults(object, live)];
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
      return workloadFaults(object, live);
    case "Service":
      return serviceFaults(object, live);
    case "ConfigMap":
      return dataFaults(object, live);
    case "Secret":
      return [...dataFaults(object, live), ...secretTypeFaults(object, live)];
    case "Pod":
      return podSpecFaults(objectAt(object, "spec"), "spec");
    default:
      return [];
  }
}

/** Texts of the three kinds of names: apimachinery pkg/util/validation/validation.go. */
const label1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label1123Text =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain1123Text =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** RBAC names are path segments, free of the rules of DNS. */
const freelyNamed = new Set(["Role", "RoleBinding"]);
const namedByLabel = new Set(["Namespace", "Service"]);

function metadataFaults(resource: Resource, object: JsonObject): readonly Cause[] {
  return [...nameFaults(resource, nameOf(object)), ...labelFaults(objectAt(object, "metadata", "labels"), "metadata.labels")];
}

function nameFaults(resource: Resource, name: string): readonly Cause[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  if (freelyNamed.has(resource.kind)) return [];
  const short = namedByLabel.has(resource.kind);
  const longest = short ? 63 : 253;
  if (name.length > longest) return [invalidValue("metadata.name", name, `must be no more than ${longest} characters`)];
  if ((short ? label1123 : subdomain1123).test(name)) return [];
  return [invalidValue("metadata.name", name, short ? label1123Text : subdomain1123Text)];
}

function labelFaults(labels: JsonObject, field: string): readonly Cause[] {
  return Object.values(labels).flatMap((value) => {
    if (typeof value !== "string") return [];
    if (value.length > 63) return [invalidValue(field, value, "must be no more than 63 bytes")];
    return labelValue.test(value) ? [] : [invalidValue(field, value, labelValueText)];
  });
}

function workloadFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const selector = valueAt(object, "spec", "selector");
  return [
    ...notNegative(object, ["spec.replicas", "spec.minReadySeconds", "spec.revisionHistoryLimit"]),
    ...selectorFaults(object, live),
    ...(selector === undefined ? [] : templateLabelFaults(object)),
    ...podSpecFaults(objectAt(object, "spec", "template", "spec"), "spec.template.spec"),
    ...restartPolicyFaults(object),
  ];
}

function selectorFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const selector = valueAt(object, "spec", "selector");
  if (selector === undefined) return [required("spec.selector")];
  if (Object.keys(objectAt(selector)).length === 0) return [invalidValue("spec.selector", selector, "empty selector is invalid for deployment")];
  if (!live || sameJson(selector, valueAt(live, "spec", "selector"))) return [];
  return [invalidValue("spec.selector", selector, "field is immutable")];
}

function templateLabelFaults(object: JsonObject): readonly Cause[] {
  const labels = objectAt(object, "spec", "template", "metadata", "labels");
  if (selectorMatches(objectAt(object, "spec", "selector"), labels)) return labelFaults(labels, "spec.template.metadata.labels");
  return [invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")];
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
    ...(type === "RollingUpdate" || type === "Recreate" ? [] : [unsupported("spec.strategy.type", type ?? "", ["Recreate", "RollingUpdate"])]),
    ...(type === "Recreate" && strategy["rollingUpdate"] !== undefined
      ? [forbiddenField("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")]
      : []),
    ...budgetFaults(objectAt(strategy, "rollingUpdate")),
    ...(deadline !== undefined && deadline <= (numberAt(object, "spec", "minReadySeconds") ?? 0)
      ? [invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")]
      : []),
  ];
}

function budgetFaults(rollingUpdate: JsonObject): readonly Cause[] {
  const field = "spec.strategy.rollingUpdate";
  const malformed = ["maxSurge", "maxUnavailable"].flatMap((name) => {
    const value = rollingUpdate[name];
    if (typeof value !== "string" || /^\d+%$/.test(value)) return [];
    return [invalidValue(`${field}.${name}`, value, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")];
  });
  const isZero = (name: string): boolean => [0, "0%"].some((zero) => zero === rollingUpdate[name]);
  if (!isZero("maxSurge") || !isZero("maxUnavailable")) return malformed;
  return [...malformed, invalidValue(`${field}.maxUnavailable`, rollingUpdate["maxUnavailable"] ?? 0, "may not be 0 when `maxSurge` is 0")];
}

function serviceFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const type = stringAt(object, "spec", "type") ?? "ClusterIP";
  const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
  const ports = listAt(object, "spec", "ports");
  const headless = type === "ExternalName" || stringAt(object, "spec", "clusterIP") === "None";
  const address = stringAt(live, "spec", "clusterIP");
  const moved = address !== undefined && stringAt(object, "spec", "clusterIP") !== address && type !== "ExternalName";
  return [
    ...(types.includes(type) ? [] : [unsupported("spec.type", type, types)]),
    ...(ports.length === 0 && !headless ? [required("spec.ports")] : []),
    ...ports.flatMap((port, index) => portFaults(numberAt(port, "port"), `spec.ports[${index}].port`)),
    ...(ports.length > 1 ? ports.flatMap((port, index) => (stringAt(port, "name") ? [] : [required(`spec.ports[${index}].name`)])) : []),
    ...(moved ? [invalidValue("spec.clusterIPs[0]", [stringAt(object, "spec", "clusterIP") ?? ""], "may not change once set")] : []),
  ];
}

function portFaults(port: number | undefined, field: string): readonly Cause[] {
  if (port !== undefined && port >= 1 && port <= 65_535) return [];
  return [invalidValue(field, port ?? 0, "must be between 1 and 65535, inclusive")];
}

const dataKey = /^[-._a-zA-Z0-9]+$/;
const dataKeyText = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

function dataFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  const keys = Object.keys(objectAt(object, "data")).filter((key) => !dataKey.test(key));
  const frozen = live !== undefined && valueAt(live, "immutable") === true && !sameJson(valueAt(live, "data"), valueAt(object, "data"));
  return [
    ...keys.map((key) => invalidValue(`data[${key}]`, key, dataKeyText)),
    ...(frozen ? [forbiddenField("data", "field is immutable when `immutable` is set")] : []),
  ];
}

function secretTypeFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  if (!live || stringAt(live, "type") === stringAt(object, "type")) return [];
  return [invalidValue("type", stringAt(object, "type") ?? "", "field is immutable")];
}

function notNegative(object: JsonObject, fields: readonly string[]): readonly Cause[] {
  return fields.flatMap((field) => {
    const value = numberAt(object, ...field.split("."));
    return value !== undefined && value < 0 ? [invalidValue(field, value, "must be greater than or equal to 0")] : [];
  });
}
