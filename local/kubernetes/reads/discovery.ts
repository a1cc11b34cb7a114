import { type JsonObject, stringAt } from "../../json-value.ts";
import type { Resources } from "../objects/custom-resources.ts";
import {
  apiVersionOf,
  builtInResources,
  partVerbs,
  type Resource,
} from "../objects/resource-table.ts";
import { openapiDocument } from "./openapi.ts";

/**
 * The answer to `/version`, `/api`, `/apis` and what is directly below them; undefined for a group
 * that is not served.
 */
export function discoveryDocument(resources: Resources, path: string): JsonObject | undefined {
  const [root, group, version] = path.split("/").slice(1);
  if (root === "version") {
    return versionDocument;
  }
  if (root === "openapi") return openapiDocument(resources, path);
  if (root === "api") {
    return group === undefined
      ? { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }
      : resourceList(resources, "", group);
  }
  if (group === undefined) {
    const groups = groupNames(resources).map((name) => groupDocument(resources, name));
    return { kind: "APIGroupList", apiVersion: "v1", groups };
  }
  if (version !== undefined) return resourceList(resources, group, version);
  return groupNames(resources).includes(group)
    ? { kind: "APIGroup", apiVersion: "v1", ...groupDocument(resources, group) }
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
 * What a built-in group does not have is told as a Status; of other groups it is a page that does
 * not exist.
 */
export function isBuiltInGroup(path: string): boolean {
  const [root, group = ""] = path.split("/").slice(1);
  return root === "api" || builtInResources.some((resource) => resource.group === group);
}

function groupNames(resources: Resources): readonly string[] {
  return [...new Set(resources.all().map((resource) => resource.group))].filter(
    (group) => group !== "",
  );
}

function groupDocument(resources: Resources, group: string): JsonObject {
  const served = resources
    .all()
    .filter((resource) => resource.group === group)
    .map((resource) => resource.version);
  const versions = [...new Set(served)].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] ?? null };
}

function resourceList(
  resources: Resources,
  group: string,
  version: string,
): JsonObject | undefined {
  const served = resources
    .all()
    .filter((resource) => resource.group === group && resource.version === version);
  const [first] = served;
  if (!first) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(first),
    resources: first.custom
      ? served.flatMap(resourceEntries)
      : served.flatMap(resourceEntries).toSorted(byName),
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
