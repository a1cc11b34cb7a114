import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { quantityValue } from "../objects/quantity.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notFoundField,
  required,
  unsupported,
} from "../objects/validation-cause.ts";
import { label1123, label1123Text } from "./validate-metadata.ts";

/**
 * kubernetes/kubernetes pkg/apis/core/validation/validation.go, what a deployment stumbles over in
 * practice.
 */
export function podSpecFaults(spec: JsonObject, field: string): readonly Cause[] {
  const containers = listAt(spec, "containers");
  const volumes = new Set(listAt(spec, "volumes").map((volume) => stringAt(volume, "name")));
  const names = containers.map((container) => stringAt(container, "name"));
  const sharing = listAt(spec, "initContainers").flatMap((one, index) =>
    names.includes(stringAt(one, "name"))
      ? [duplicate(`${field}.initContainers[${index}].name`, stringAt(one, "name") ?? "")]
      : [],
  );
  const lists = ["initContainers", "containers"] as const;
  return [
    ...listAt(spec, "volumes").flatMap((volume, index) =>
      volumeFaults(volume, `${field}.volumes[${index}]`),
    ),
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...lists.flatMap((list) => duplicateNames(listAt(spec, list), `${field}.${list}`)),
    ...lists.flatMap((list) =>
      listAt(spec, list).flatMap((it, index) =>
        containerFaults(it, `${field}.${list}[${index}]`, volumes),
      ),
    ),
    ...sharing,
  ];
}

function volumeFaults(volume: Json, field: string): readonly Cause[] {
  const [, ...more] = Object.keys(objectAt(volume)).filter((name) => name !== "name");
  return more.map((source) =>
    forbiddenField(`${field}.${source}`, "may not specify more than 1 volume type"),
  );
}

function duplicateNames(elements: readonly Json[], field: string): readonly Cause[] {
  const names = elements.map((element) => stringAt(element, "name"));
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [duplicate(`${field}[${index}].name`, name)]
      : [],
  );
}

const policies = ["Always", "IfNotPresent", "Never"];

function containerFaults(
  container: Json,
  field: string,
  volumes: ReadonlySet<string | undefined>,
): readonly Cause[] {
  const name = stringAt(container, "name") ?? "";
  const policy = stringAt(container, "imagePullPolicy") ?? "IfNotPresent";
  return [
    ...(name === "" ? [required(`${field}.name`)] : []),
    ...(name !== "" && !label1123.test(name)
      ? [invalidValue(`${field}.name`, name, label1123Text)]
      : []),
    ...((stringAt(container, "image") ?? "") === "" ? [required(`${field}.image`)] : []),
    ...(policies.includes(policy)
      ? []
      : [unsupported(`${field}.imagePullPolicy`, policy, policies)]),
    ...listAt(container, "ports").flatMap((it, index) =>
      containerPortFaults(it, `${field}.ports[${index}]`),
    ),
    ...duplicateNames(listAt(container, "ports"), `${field}.ports`),
    ...listAt(container, "env").flatMap((it, index) =>
      variableFaults(stringAt(it, "name") ?? "", `${field}.env[${index}].name`),
    ),
    ...listAt(container, "volumeMounts").flatMap((it, index) =>
      mountFaults(it, `${field}.volumeMounts[${index}]`, volumes),
    ),
    ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
      probeFaults(valueAt(container, probe), `${field}.${probe}`),
    ),
    ...requestFaults(objectAt(container, "resources"), `${field}.resources.requests`),
  ];
}

function variableFaults(name: string, field: string): readonly Cause[] {
  if (name === "") return [required(field)];
  if (/^[ -<>-~]+$/.test(name)) return [];
  return [
    invalidValue(
      field,
      name,
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ),
  ];
}

function containerPortFaults(port: Json, field: string): readonly Cause[] {
  const number = numberAt(port, "containerPort") ?? 0;
  if (number === 0) return [required(`${field}.containerPort`)];
  return number >= 1 && number <= 65_535
    ? []
    : [invalidValue(`${field}.containerPort`, number, "must be between 1 and 65535, inclusive")];
}

function mountFaults(
  mount: Json,
  field: string,
  volumes: ReadonlySet<string | undefined>,
): readonly Cause[] {
  const name = stringAt(mount, "name") ?? "";
  if (name === "") return [required(`${field}.name`)];
  return [
    ...(volumes.has(name) ? [] : [notFoundField(`${field}.name`, name)]),
    ...(stringAt(mount, "mountPath") ? [] : [required(`${field}.mountPath`)]),
  ];
}

function probeFaults(probe: Json | undefined, field: string): readonly Cause[] {
  if (
    probe === undefined ||
    ["exec", "httpGet", "tcpSocket", "grpc"].some(
      (handler) => valueAt(probe, handler) !== undefined,
    )
  ) {
    return [];
  }
  return [required(field, "must specify a handler type")];
}

function requestFaults(resources: JsonObject, field: string): readonly Cause[] {
  return Object.keys(objectAt(resources, "requests")).flatMap((name) => {
    const request = stringAt(resources, "requests", name) ?? "";
    const limit = stringAt(resources, "limits", name);
    if (limit === undefined || (quantityValue(request) ?? 0n) <= (quantityValue(limit) ?? 0n)) {
      return [];
    }
    return [
      invalidValue(field, request, `must be less than or equal to ${name} limit of ${limit}`),
    ];
  });
}
