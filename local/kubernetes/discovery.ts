import type { Json, JsonObject } from "./json-value.ts";
import { apiVersionOf, type Resource, resourceTable } from "./resource-table.ts";

/** The answer to `/version`, `/api`, `/apis` and what is directly below them; undefined for a group that is not served. */
export function discoveryDocument(path: string): JsonObject | undefined {
  const [root, group, version] = path.split("/").slice(1);
  if (root === "version") return { major: "1", minor: "36", gitVersion: "v1.36.0", platform: "linux/amd64" };
  if (root === "api") return group === undefined ? { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] } : resourceList("", group);
  if (group === undefined) return { kind: "APIGroupList", apiVersion: "v1", groups: groupNames().map(groupDocument) };
  if (version !== undefined) return resourceList(group, version);
  return groupNames().includes(group) ? { kind: "APIGroup", apiVersion: "v1", ...groupDocument(group) } : undefined;
}

function groupNames(): readonly string[] {
  return [...new Set(resourceTable.map((resource) => resource.group))].filter((group) => group !== "");
}

function groupDocument(group: string): JsonObject {
  const served = resourceTable.filter((resource) => resource.group === group).map((resource) => resource.version);
  const versions = [...new Set(served)].map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] ?? null };
}

function resourceList(group: string, version: string): JsonObject | undefined {
  const served = resourceTable.filter((resource) => resource.group === group && resource.version === version);
  const [first] = served;
  if (!first) return undefined;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(first), resources: served.flatMap(resourceEntries) };
}

function resourceEntries(resource: Resource): readonly Json[] {
  const { plural: name, kind } = resource;
  const namespaced = resource.scope === "namespaced";
  const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
  return [
    { name, singularName: kind.toLowerCase(), namespaced, kind, verbs },
    { name: `${name}/status`, singularName: "", namespaced, kind, verbs: ["get", "patch", "update"] },
  ];
}
