import { type JsonObject, stringAt } from "../../json-value.ts";
import {
  apiVersionOf,
  partVerbs,
  type Resource,
  builtInResources,
} from "../objects/resource-table.ts";

/**
 * The answer to `/version`, `/api`, `/apis` and what is directly below them; undefined for a group
 * that is not served.
 */
export function discoveryDocument(path: string): JsonObject | undefined {
  const [root, group, version] = path.split("/").slice(1);
  if (root === "version") {
    return versionDocument;
  }
  if (root === "api") {
    return group === undefined
      ? { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }
      : resourceList("", group);
  }
  if (group === undefined) {
    return { kind: "APIGroupList", apiVersion: "v1", groups: groupNames().map(groupDocument) };
  }
  if (version !== undefined) return resourceList(group, version);
  return groupNames().includes(group)
    ? { kind: "APIGroup", apiVersion: "v1", ...groupDocument(group) }
    : undefined;
}

/** As apimachinery pkg/version prints it; which commit and when it was built, nobody here asks. */
const versionDocument: JsonObject = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.3",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "go1.26",
  compiler: "gc",
  platform: "linux/amd64",
};

/**
 * A version that a served group does not have is told as a Status, a group that is not served is a
 * page that does not exist.
 */
export function isServedGroup(path: string): boolean {
  const [root, group = ""] = path.split("/").slice(1);
  return root === "api" || groupNames().includes(group);
}

function groupNames(): readonly string[] {
  return [...new Set(builtInResources.map((resource) => resource.group))].filter(
    (group) => group !== "",
  );
}

function groupDocument(group: string): JsonObject {
  const served = builtInResources
    .filter((resource) => resource.group === group)
    .map((resource) => resource.version);
  const versions = [...new Set(served)].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] ?? null };
}

function resourceList(group: string, version: string): JsonObject | undefined {
  const served = builtInResources.filter(
    (resource) => resource.group === group && resource.version === version,
  );
  const [first] = served;
  if (!first) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(first),
    resources: served.flatMap(resourceEntries).toSorted(byName),
  };
}

function byName(one: JsonObject, other: JsonObject): number {
  return (stringAt(one, "name") ?? "") < (stringAt(other, "name") ?? "") ? -1 : 1;
}

const scale = { group: "autoscaling", version: "v1", kind: "Scale" };

function resourceEntries({
  plural: name,
  kind,
  scope,
  parts,
  shortNames,
  categories,
  verbs,
}: Resource): readonly JsonObject[] {
  const namespaced = scope === "namespaced";
  const aliases = {
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const own: JsonObject = {
    name,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs,
    ...aliases,
  };
  return [
    own,
    ...parts.map((part) => ({
      name: `${name}/${part}`,
      singularName: "",
      namespaced,
      ...(part === "scale" ? scale : { kind }),
      verbs: [...partVerbs(part)].toSorted(),
    })),
  ];
}
