import type { Cause } from "./api-refusal.ts";
import { type Json, type JsonObject, listAt, numberAt, stringAt } from "./json-value.ts";
import { duplicate, invalidValue, notFoundField, required, unsupported } from "./validation-cause.ts";

/** kubernetes/kubernetes pkg/apis/core/validation/validation.go, what a deployment stumbles over in practice. */
export function podSpecFaults(spec: JsonObject, field: string): readonly Cause[] {
  const containers = listAt(spec, "containers");
  const volumes = new Set(listAt(spec, "volumes").map((volume) => stringAt(volume, "name")));
  const lists = ["initContainers", "containers"] as const;
  return [
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...lists.flatMap((list) => duplicateNames(listAt(spec, list), `${field}.${list}`)),
    ...lists.flatMap((list) => listAt(spec, list).flatMap((it, index) => containerFaults(it, `${field}.${list}[${index}]`, volumes))),
  ];
}

function duplicateNames(containers: readonly Json[], field: string): readonly Cause[] {
  const names = containers.map((container) => stringAt(container, "name"));
  return names.flatMap((name, index) => (name !== undefined && names.indexOf(name) < index ? [duplicate(`${field}[${index}].name`, name)] : []));
}

const containerName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const containerNameText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const policies = ["Always", "IfNotPresent", "Never"];

function containerFaults(container: Json, field: string, volumes: ReadonlySet<string | undefined>): readonly Cause[] {
  const name = stringAt(container, "name") ?? "";
  const image = stringAt(container, "image") ?? "";
  const policy = stringAt(container, "imagePullPolicy") ?? "IfNotPresent";
  return [
    ...(name === "" ? [required(`${field}.name`)] : []),
    ...(name !== "" && !containerName.test(name) ? [invalidValue(`${field}.name`, name, containerNameText)] : []),
    ...(image === "" ? [required(`${field}.image`)] : []),
    ...(image.trim() === image ? [] : [invalidValue(`${field}.image`, image, "must not have leading or trailing whitespace")]),
    ...(policies.includes(policy) ? [] : [unsupported(`${field}.imagePullPolicy`, policy, policies)]),
    ...listAt(container, "env").flatMap((it, index) => (stringAt(it, "name") ? [] : [required(`${field}.env[${index}].name`)])),
    ...listAt(container, "ports").flatMap((it, index) => containerPortFaults(it, `${field}.ports[${index}]`)),
    ...listAt(container, "volumeMounts").flatMap((it, index) => mountFaults(it, `${field}.volumeMounts[${index}]`, volumes)),
  ];
}

function containerPortFaults(port: Json, field: string): readonly Cause[] {
  const number = numberAt(port, "containerPort");
  if (number === undefined) return [required(`${field}.containerPort`)];
  return number >= 1 && number <= 65_535 ? [] : [invalidValue(`${field}.containerPort`, number, "must be between 1 and 65535, inclusive")];
}

function mountFaults(mount: Json, field: string, volumes: ReadonlySet<string | undefined>): readonly Cause[] {
  const name = stringAt(mount, "name") ?? "";
  if (name === "") return [required(`${field}.name`)];
  return [
    ...(volumes.has(name) ? [] : [notFoundField(`${field}.name`, name)]),
    ...(stringAt(mount, "mountPath") ? [] : [required(`${field}.mountPath`)]),
  ];
}
