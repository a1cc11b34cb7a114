import { type JsonObject, listAt, stringAt, valueAt } from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { nameOf } from "../objects/object-value.ts";
import { invalidValue, required } from "../objects/validation-cause.ts";

/**
 * apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, what a definition must
 * have to be served. Whether its schemas are structural is not checked.
 */
export function definitionFaults(object: JsonObject): readonly Cause[] {
  const versions = listAt(object, "spec", "versions");
  const [group, plural] = [
    stringAt(object, "spec", "group"),
    stringAt(object, "spec", "names", "plural"),
  ];
  return [
    ...(nameOf(object) === `${plural}.${group}`
      ? []
      : [
          invalidValue("metadata.name", nameOf(object), 'must be spec.names.plural+"."+spec.group'),
        ]),
    ...versions.flatMap((version, index) =>
      valueAt(version, "schema", "openAPIV3Schema") === undefined
        ? [required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required")]
        : [],
    ),
    ...(versions.filter((version) => valueAt(version, "storage") === true).length === 1
      ? []
      : [
          invalidValue(
            "spec.versions",
            [...versions],
            "must have exactly one version marked as storage version",
          ),
        ]),
  ];
}
