import { type JsonObject, listAt, objectAt } from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { isTerminating, nameOf } from "../objects/object-value.ts";
import type { Resource } from "../objects/resource-table.ts";
import { forbiddenField, invalidValue, required } from "../objects/validation-cause.ts";

/** Texts of the kinds of names: apimachinery pkg/util/validation/validation.go. */
export const label1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const label1123Text =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain1123Text =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const namePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const namePartText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** RBAC names are path segments, free of the rules of DNS. */
const freelyNamed = new Set(["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]);
const namedByLabel = new Set(["Namespace", "Service"]);

export function metadataFaults(
  resource: Resource,
  object: JsonObject,
  live: JsonObject | undefined,
): readonly Cause[] {
  return [
    ...nameFaults(resource, nameOf(object)),
    ...labelFaults(objectAt(object, "metadata", "labels"), "metadata.labels"),
    ...keyFaults(objectAt(object, "metadata", "annotations"), "metadata.annotations"),
    ...finalizerFaults(object, live),
  ];
}

export function labelFaults(labels: JsonObject, field: string): readonly Cause[] {
  const values = Object.values(labels).flatMap((value) => {
    if (typeof value !== "string") return [];
    if (value.length > 63) return [invalidValue(field, value, "must be no more than 63 bytes")];
    return labelValue.test(value) ? [] : [invalidValue(field, value, labelValueText)];
  });
  return [...values, ...keyFaults(labels, field)];
}

/** A name that is a label of DNS, such as that of a port of a Service. */
export function labelNameFaults(name: string, field: string): readonly Cause[] {
  if (name.length > 63) return [invalidValue(field, name, "must be no more than 63 bytes")];
  return label1123.test(name) ? [] : [invalidValue(field, name, label1123Text)];
}

function nameFaults(resource: Resource, name: string): readonly Cause[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  if (!resource.custom && freelyNamed.has(resource.kind)) return [];
  const short = !resource.custom && namedByLabel.has(resource.kind);
  const longest = short ? 63 : 253;
  if (name.length > longest) {
    return [invalidValue("metadata.name", name, `must be no more than ${longest} characters`)];
  }
  if ((short ? label1123 : subdomain1123).test(name)) return [];
  return [invalidValue("metadata.name", name, short ? label1123Text : subdomain1123Text)];
}

/** A key is a name, or the name of a domain, a slash and a name. */
function keyFaults(entries: JsonObject, field: string): readonly Cause[] {
  return Object.keys(entries).flatMap((key) => {
    const [prefix, name = ""] = key.includes("/")
      ? [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)]
      : [undefined, key];
    const prefixFaults =
      prefix !== undefined && !subdomain1123.test(prefix)
        ? [invalidValue(field, key, `prefix part ${subdomain1123Text}`)]
        : [];
    return namePart.test(name)
      ? prefixFaults
      : [...prefixFaults, invalidValue(field, key, namePartText)];
  });
}

function finalizerFaults(object: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  if (!live || !isTerminating(live)) return [];
  const added = listAt(object, "metadata", "finalizers").filter(
    (it) => !listAt(live, "metadata", "finalizers").includes(it),
  );
  const list = added.map((it) => JSON.stringify(it)).join(", ");
  return added.length === 0
    ? []
    : [
        forbiddenField(
          "metadata.finalizers",
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
        ),
      ];
}
