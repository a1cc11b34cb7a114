import { randomUUID } from "node:crypto";
import { type JsonObject, stringAt, valueAt } from "../../json-value.ts";
import {
  alreadyExists,
  ApiRefusal,
  modifiedMeanwhile,
  unsupportedMediaType,
  unsupportedPatch,
} from "../objects/api-refusal.ts";
import { safeName } from "../objects/generated-name.ts";
import { nameOf, uidOf, withValue } from "../objects/object-value.ts";
import { asObject, decodeBody, withNamespace, type WriteRequest } from "../requests/decode-body.ts";
import { fieldManagerOf } from "../requests/write-options.ts";
import { applyObject } from "./apply-object.ts";
import { type Cluster, requireLive, requireNamespace, commitWrite } from "./client-write.ts";
import { jsonPatch, mergePatch } from "./patch-document.ts";
import { strategicMerge } from "./strategic-merge.ts";

export interface Written {
  readonly code: 200 | 201;
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

export function createObject(cluster: Cluster, request: WriteRequest): Written {
  const { route, options } = request;
  requireObjectType(request);
  const { object: body, warnings } = decodeBody(request, asObject(request.body));
  const next = withNamespace(route, withGeneratedName(body));
  requireNamespace(cluster.store, route, nameOf(next));
  // 500, not 400: registry/generic/registry/store.go returns the plain error of the storage.
  if (stringAt(next, "metadata", "resourceVersion")) {
    throw new ApiRefusal(500, undefined, {
      message: "resourceVersion should not be set on objects to be created",
    });
  }
  const object = commitWrite(cluster, {
    route,
    options,
    live: undefined,
    next,
    operation: "Update",
    manager: fieldManagerOf(options),
    refuseValid: () => {
      if (!cluster.store.get(route.resource, route.namespace, nameOf(next))) return;
      throw alreadyExists(route.resource, nameOf(next));
    },
  });
  return { code: 201, object, warnings };
}

export function updateObject(cluster: Cluster, request: WriteRequest): Written {
  const live = requireLive(cluster.store, request.route);
  requireObjectType(request);
  const { object, warnings } = decodeBody(request, asObject(request.body));
  const uid = stringAt(object, "metadata", "uid");
  if (uid && uid !== uidOf(live)) {
    throw modifiedMeanwhile(
      request.route.resource,
      nameOf(live),
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(live)}`,
    );
  }
  return replace(cluster, request, {
    live,
    next: keepAddress(withNamespace(request.route, object), live),
    warnings,
  });
}

const objectTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

function requireObjectType({ contentType }: WriteRequest): void {
  if (!objectTypes.includes(contentType)) throw unsupportedMediaType(objectTypes);
}

export function patchObject(cluster: Cluster, request: WriteRequest): Written {
  if (request.contentType === applyPatch) return applyObject(cluster, request);
  if (request.contentType === strategic && request.route.resource.custom) {
    throw unsupportedMediaType(patchTypes);
  }
  if (request.contentType !== strategic && !patchTypes.includes(request.contentType)) {
    throw unsupportedPatch();
  }
  const live = requireLive(cluster.store, request.route);
  const { object, warnings } = decodeBody(request, patched(live, request));
  return replace(cluster, request, { live, next: object, warnings });
}

const applyPatch = "application/apply-patch+yaml";
/** Of built-in kinds only: a definition does not say how its lists merge in that way. */
const strategic = "application/strategic-merge-patch+json";
const patchTypes = ["application/json-patch+json", "application/merge-patch+json", applyPatch];

function patched(live: JsonObject, { route, contentType, body }: WriteRequest): JsonObject {
  if (contentType === strategic) return strategicMerge(live, asObject(body), route.resource.schema);
  if (contentType === "application/json-patch+json") return jsonPatch(live, body);
  return asObject(mergePatch(live, body));
}

interface Replacement {
  readonly live: JsonObject;
  readonly next: JsonObject;
  readonly warnings: readonly string[];
}

function replace(
  cluster: Cluster,
  { route, options }: WriteRequest,
  { live, next, warnings }: Replacement,
): Written {
  const object = commitWrite(cluster, {
    route,
    options,
    live,
    next,
    operation: "Update",
    manager: fieldManagerOf(options),
  });
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
  return withValue(
    withValue(next, ["spec", "clusterIP"], valueAt(live, "spec", "clusterIP")),
    ["spec", "clusterIPs"],
    valueAt(live, "spec", "clusterIPs"),
  );
}
