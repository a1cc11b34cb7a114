import type { JsonObject } from "../../json-value.ts";
import type { Resources } from "../objects/custom-resources.ts";
import { apiVersionOf, type Resource } from "../objects/resource-table.ts";

/**
 * Of `/openapi/v3` what kubectl asks before it applies: whether the server checks fields itself
 * (cli-runtime pkg/resource/query_param_verifier_v3.go). It says that of every kind, and nothing of
 * their fields, so `kubectl explain` has nothing to tell.
 */
export function openapiDocument(resources: Resources, path: string): JsonObject | undefined {
  const versions = Map.groupBy(resources.all(), pathOf);
  const asked = path.replace(/^\/openapi\/v3\/?/, "");
  if (asked !== "") {
    const served = versions.get(asked);
    return served && { openapi: "3.0.0", info, paths: Object.fromEntries(served.map(patchOf)) };
  }
  const paths = [...versions.keys()].map(
    (one) => [one, { serverRelativeURL: `/openapi/v3/${one}` }] as const,
  );
  return { paths: Object.fromEntries(paths) };
}

const info = { title: "Kubernetes", version: "v1.36.3" };

function pathOf(resource: Resource): string {
  const version = apiVersionOf(resource);
  return resource.group === "" ? `api/${version}` : `apis/${version}`;
}

const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string" },
}));

function patchOf(resource: Resource): readonly [path: string, item: JsonObject] {
  const { group, version, kind, plural, scope } = resource;
  const place = scope === "namespaced" ? "namespaces/{namespace}/" : "";
  const patch = { parameters, "x-kubernetes-group-version-kind": { group, version, kind } };
  return [`/${pathOf(resource)}/${place}${plural}/{name}`, { patch }];
}
