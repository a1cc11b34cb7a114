import type { ServiceRequest } from "../../service.ts";
import type { Resources } from "../objects/custom-resources.ts";
import { type Part, partVerbs, type Resource } from "../objects/resource-table.ts";

export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection";

/** A request for objects, taken apart. */
export interface ObjectRoute {
  readonly kind: "object";
  readonly verb: Verb | undefined;
  readonly resource: Resource;
  /** "" for cluster-wide kinds, and for a list over all namespaces. */
  readonly namespace: string;
  /** "" for a collection. */
  readonly name: string;
  readonly subresource: Part | undefined;
}

export type Route =
  | ObjectRoute
  | { readonly kind: "discovery"; readonly path: string }
  | { readonly kind: "unknown-resource" }
  | { readonly kind: "unsupported"; readonly what: string }
  | { readonly kind: "unknown-part"; readonly resource: Resource; readonly name: string }
  | { readonly kind: "unknown-path" };

export function routeOf(
  resources: Pick<Resources, "named">,
  request: Pick<ServiceRequest, "method" | "path" | "query">,
): Route {
  const segments = request.path
    .split("/")
    .filter((it) => it !== "")
    .map(decodeURIComponent);
  const api = apiOf(segments);
  if (!api) return { kind: "unknown-path" };
  if (api.rest.length === 0) return { kind: "discovery", path: `/${segments.join("/")}` };
  const target = targetOf(api.rest);
  const resource = resources.named(target.plural, api.group, api.version);
  const { namespace, name, subresource } = target;
  if (resource?.custom && !isServed(resource, subresource)) {
    return { kind: "unknown-part", resource, name };
  }
  if (resource && subresource !== undefined && resource.otherParts.includes(subresource)) {
    return { kind: "unsupported", what: `${resource.plural}/${subresource}` };
  }
  if (!resource || !isServed(resource, subresource)) return { kind: "unknown-resource" };
  return {
    kind: "object",
    verb: servedVerb(
      subresource === undefined ? resource.verbs : partVerbs(subresource),
      verbOf(request, name),
    ),
    resource,
    namespace,
    name,
    subresource,
  };
}

interface Api {
  readonly group: string;
  readonly version: string;
  readonly rest: readonly string[];
}

function apiOf(segments: readonly string[]): Api | undefined {
  const [root, first = "", second = ""] = segments;
  if (root === "api") return { group: "", version: first, rest: segments.slice(2) };
  if (root === "apis") return { group: first, version: second, rest: segments.slice(3) };
  const isDocument = root === "version" || (root === "openapi" && first === "v3");
  return isDocument ? { group: "", version: "", rest: [] } : undefined;
}

interface RequestedObject {
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string | undefined;
}

/** `namespaces/x` is the namespace itself, `namespaces/x/pods` what is in it. */
function targetOf(rest: readonly string[]): RequestedObject {
  const [first = "", second = "", third = "", fourth = "", fifth] = rest;
  if (first === "namespaces" && third !== "" && third !== "status" && third !== "finalize") {
    return { plural: third, namespace: second, name: fourth, subresource: fifth };
  }
  return {
    plural: first,
    namespace: "",
    name: second,
    subresource: third === "" ? undefined : third,
  };
}

function isServed(
  { parts }: Resource,
  subresource: string | undefined,
): subresource is Part | undefined {
  return subresource === undefined || parts.some((part) => part === subresource);
}

function servedVerb(verbs: readonly string[], verb: Verb | undefined): Verb | undefined {
  return verb !== undefined && verbs.includes(verb) ? verb : undefined;
}

function verbOf(
  { method, query }: Pick<ServiceRequest, "method" | "query">,
  name: string,
): Verb | undefined {
  switch (method) {
    case "GET":
    case "HEAD":
      if (["1", "true"].includes(query.get("watch") ?? "")) return "watch";
      return name === "" ? "list" : "get";
    case "POST":
      return name === "" ? "create" : undefined;
    case "PUT":
      return name === "" ? undefined : "update";
    case "PATCH":
      return name === "" ? undefined : "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    default:
      return undefined;
  }
}
