import { alreadyExists, badRequest, unsupportedMediaType } from "./api-refusal.ts";
import { applyObject } from "./apply-object.ts";
import { asObject, decodeBody, withNamespace, type WriteRequest } from "./decode-body.ts";
import { type Cluster, requireLive, requireNamespace, storeObject } from "./store-object.ts";
import { fieldManagerOf } from "./write-options.ts";
import { type JsonObject, nameOf, stringAt, valueAt, withValue } from "./json-value.ts";
import { jsonPatch, mergePatch } from "./patch-document.ts";
import { randomUUID } from "node:crypto";
import { safeName } from "./pod-template.ts";

export interface Written {
  readonly code: 200 | 201;
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

export function createObject(cluster: Cluster, request: WriteRequest): Written {
  const { route, options } = request;
  const { object: body, warnings } = decodeBody(request, asObject(request.body));
  const next = withNamespace(route, withGeneratedName(body));
  requireNamespace(cluster.store, route, nameOf(next));
  if (stringAt(next, "metadata", "resourceVersion")) throw badRequest("resourceVersion should not be set on objects to be created");
  if (cluster.store.get(route.resource, route.namespace, nameOf(next))) throw alreadyExists(route.resource, nameOf(next));
  const object = storeObject(cluster, { route, options, live: undefined, next, operation: "Update", manager: fieldManagerOf(options) });
  return { code: 201, object, warnings };
}

export function updateObject(cluster: Cluster, request: WriteRequest): Written {
  const live = requireLive(cluster.store, request.route);
  const { object, warnings } = decodeBody(request, asObject(request.body));
  return replace(cluster, request, { live, next: keepAddress(withNamespace(request.route, object), live), warnings });
}

export function patchObject(cluster: Cluster, request: WriteRequest): Written {
  if (request.contentType === applyPatch) return applyObject(cluster, request);
  const live = requireLive(cluster.store, request.route);
  const { object, warnings } = decodeBody(request, patched(live, request));
  return replace(cluster, request, { live, next: object, warnings });
}

const applyPatch = "application/apply-patch+yaml";
/** Strategic merge is left out: the promoter does not use it, and a refusal is better than half of its rules. */
const patchTypes = ["application/json-patch+json", "application/merge-patch+json", applyPatch];

function patched(live: JsonObject, { contentType, body }: WriteRequest): JsonObject {
  if (contentType === "application/json-patch+json") return jsonPatch(live, body);
  if (contentType === "application/merge-patch+json") return asObject(mergePatch(live, body));
  throw unsupportedMediaType(patchTypes);
}

interface Replacement {
  readonly live: JsonObject;
  readonly next: JsonObject;
  readonly warnings: readonly string[];
}

function replace(cluster: Cluster, { route, options }: WriteRequest, { live, next, warnings }: Replacement): Written {
  const object = storeObject(cluster, { route, options, live, next, operation: "Update", manager: fieldManagerOf(options) });
  return { code: 200, object, warnings };
}

function withGeneratedName(object: JsonObject): JsonObject {
  const prefix = stringAt(object, "metadata", "generateName");
  if (nameOf(object) !== "" || prefix === undefined) return object;
  return withValue(object, ["metadata", "name"], `${prefix}${safeName(randomUUID(), 5)}`);
}

/** A Service that is replaced without its address keeps it. */
function keepAddress(next: JsonObject, live: JsonObject): JsonObject {
  if (live["kind"] !== "Service" || valueAt(next, "spec", "clusterIP") !== undefined) return next;
  return withValue(withValue(next, ["spec", "clusterIP"], valueAt(live, "spec", "clusterIP")), ["spec", "clusterIPs"], valueAt(live, "spec", "clusterIPs"));
}
