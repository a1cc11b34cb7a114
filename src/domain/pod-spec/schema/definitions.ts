import { isList, isRecord, listAt, textAt, valueAt, type JsonRecord } from "../../json.ts";
import { definitionKind } from "../built-in-kinds.ts";
import { groupOf, versionOf, type Typed } from "../kinds.ts";
import type { ObjectProblem } from "../object-problem.ts";
import type { KubernetesObject, ObjectRef } from "../object.ts";
import { pluralOf } from "../resource-names.ts";
import { definesKind } from "../scopes.ts";

/** CustomResourceDefinitions. */
export type Definitions = readonly KubernetesObject[];

/** That of the object's kind, which may lack its version. */
export function definitionOf(
  object: Typed,
  definitions: Definitions,
): KubernetesObject | undefined {
  return definitions.find((one) => definesKind(one, object));
}

/** Where the definition of a custom resource may be, whose plural only the server knows. */
export function definitionRefs({ apiVersion, kind }: Typed): readonly ObjectRef[] {
  const singular = kind.toLowerCase();
  const plurals = new Set([pluralOf(kind), `${singular}es`, singular]);
  return [...plurals].map((plural) => ({
    apiVersion: `${definitionKind.group}/${definitionKind.versions.join()}`,
    kind: definitionKind.name,
    name: `${plural}.${groupOf(apiVersion)}`,
    namespace: undefined,
  }));
}

/** The structural schema of the object's version, or why there is none. */
export function schemaIn(
  definition: KubernetesObject,
  object: Typed,
): { readonly schema: JsonRecord | undefined } | { readonly problem: ObjectProblem } {
  const versions = listAt(definition, "spec", "versions");
  const served = versions.filter((one) => valueAt(one, "served") !== false);
  const found = served.find((one) => textAt(one, "name") === versionOf(object));
  if (found === undefined) {
    const names = served.map((one) => textAt(one, "name") ?? "").filter(Boolean);
    const group = groupOf(object.apiVersion);
    return {
      problem: {
        path: ["apiVersion"],
        message: `the definition of ${object.kind} has no version ${versionOf(object)} that is served`,
        remedy: `write apiVersion: ${names.map((name) => `${group}/${name}`).join(" or ")}`,
      },
    };
  }
  const schema = valueAt(found, "schema", "openAPIV3Schema");
  const keepsAll = valueAt(definition, "spec", "preserveUnknownFields") === true;
  return { schema: isRecord(schema) && !keepsAll ? schema : undefined };
}

/** The fields of an object in a structural schema. */
export function propertiesOf(schema: JsonRecord): JsonRecord {
  const properties = schema["properties"];
  return isRecord(properties) ? properties : {};
}

export function requiredOf(schema: JsonRecord): readonly string[] {
  const required = schema["required"];
  return isList(required) ? required.filter((name) => typeof name === "string") : [];
}
