import {
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import { customSchema } from "../schemas/structural-schema.ts";
import { builtInResources, knownResource, type Resource } from "./resource-table.ts";

/** The kinds that a server has: its own and those of CustomResourceDefinitions. */
export interface Resources {
  all(): readonly Resource[];
  named(plural: string, group: string, version: string): Resource | undefined;
}

/** `definitions` are those that are stored, whether their names are accepted or not. */
export function createResources(definitions: () => readonly JsonObject[]): Resources {
  const read = new WeakMap<JsonObject, readonly Resource[]>();
  const resourcesOf = (definition: JsonObject): readonly Resource[] => {
    const known = read.get(definition) ?? customResources(definition);
    read.set(definition, known);
    return known;
  };
  const all = (): readonly Resource[] => [
    ...builtInResources,
    ...definitions().filter(isEstablished).flatMap(resourcesOf),
  ];
  return {
    all,
    named: (plural, group, version) =>
      all().find((row) => row.plural === plural && row.group === group && row.version === version),
  };
}

export function isEstablished(definition: JsonObject): boolean {
  return listAt(definition, "status", "conditions").some(
    (one) => stringAt(one, "type") === "Established" && stringAt(one, "status") === "True",
  );
}

const isStored = (version: Json): boolean => valueAt(version, "storage") === true;

/** One for every version that is served, the one that is stored first. */
export function customResources(definition: JsonObject): readonly Resource[] {
  return listAt(definition, "spec", "versions")
    .filter((version) => valueAt(version, "served") === true)
    .toSorted((one, other) => Number(isStored(other)) - Number(isStored(one)))
    .map((version) => customResource(definition, objectAt(version)));
}

function customResource(definition: JsonObject, version: JsonObject): Resource {
  const names = objectAt(definition, "spec", "names");
  const schema = objectAt(version, "schema", "openAPIV3Schema");
  const parts = (["status", "scale"] as const).filter(
    (part) => valueAt(version, "subresources", part) !== undefined,
  );
  return {
    group: stringAt(definition, "spec", "group") ?? "",
    version: stringAt(version, "name") ?? "",
    plural: stringAt(names, "plural") ?? "",
    kind: stringAt(names, "kind") ?? "",
    scope: stringAt(definition, "spec", "scope") === "Cluster" ? "cluster" : "namespaced",
    schema: customSchema(schema),
    counted: true,
    returned: false,
    parts,
    otherParts: [],
    shortNames: listAt(names, "shortNames").map(String),
    categories: listAt(names, "categories").map(String),
    verbs: customVerbs,
    custom: { schema, scale: objectAt(version, "subresources", "scale") },
  };
}

/**
 * In the order in which the server lists them: apiextensions
 * pkg/apiserver/customresource_discovery_controller.go.
 */
const customVerbs = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];

export const definitions = knownResource("CustomResourceDefinition");
