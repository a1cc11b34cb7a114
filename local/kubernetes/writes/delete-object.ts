import {
  type Json,
  type JsonObject,
  isObject,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import type { ServiceRequest } from "../../service.ts";
import { forbidden, invalid, preconditionFailed } from "../objects/api-refusal.ts";
import { nameOf, uidOf } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import { unsupported } from "../objects/validation-cause.ts";
import { listObjects } from "../reads/list-objects.ts";
import { readBody } from "../requests/read-body.ts";
import type { ObjectRoute } from "../requests/request-route.ts";
import { optionsKind } from "../requests/write-options.ts";
import type { Propagation, Remover } from "../storage/object-remover.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { requireLive } from "./client-write.ts";

interface Deletion {
  readonly route: ObjectRoute;
  readonly request: ServiceRequest;
}

interface Storage {
  readonly store: ObjectStore;
  readonly remover: Remover;
}

/**
 * Admission plugin NamespaceLifecycle: apiserver
 * pkg/admission/plugin/namespace/lifecycle/admission.go.
 */
const immortal = new Set(["default", "kube-system", "kube-public"]);

/** The body of the answer: the object while it is still there, else that it is gone. */
export function deleteObject(
  { store, remover }: Storage,
  { route, request }: Deletion,
): JsonObject {
  const live = requireLive(store, route);
  if (route.resource.kind === "Namespace" && immortal.has(route.name)) {
    throw forbidden(route.resource, route.name, "this namespace may not be deleted");
  }
  const body = request.body.length === 0 ? {} : readBody(request);
  requirePreconditions(route, live, body);
  const isDryRun =
    request.query.get("dryRun") === "All" || JSON.stringify(valueAt(body, "dryRun")) === '["All"]';
  const left = isDryRun
    ? undefined
    : remover.remove(route.resource, live, propagationOf(route, request.query, body));
  return left ?? (route.resource.returned ? live : deletedStatus(route, live));
}

function requirePreconditions({ resource, name }: ObjectRoute, live: JsonObject, body: Json): void {
  const uid = stringAt(body, "preconditions", "uid");
  const version = stringAt(body, "preconditions", "resourceVersion");
  const current = stringAt(live, "metadata", "resourceVersion") ?? "";
  if (uid !== undefined && uid !== uidOf(live)) {
    throw preconditionFailed(
      resource,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${uidOf(live)}). The object might have been deleted and then recreated`,
    );
  }
  if (version !== undefined && version !== current) {
    throw preconditionFailed(
      resource,
      name,
      `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${current}). The object might have been modified`,
    );
  }
}

function deletedStatus({ resource }: ObjectRoute, object: JsonObject): JsonObject {
  const details = {
    name: nameOf(object),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.plural,
    uid: uidOf(object),
  };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** The body of the answer: the objects as they were. */
export function deleteCollection(
  { store, remover }: Storage,
  { route, request }: Deletion,
): JsonObject {
  const list = listObjects(store, route, request.query);
  const items = Array.isArray(list["items"]) ? list["items"] : [];
  for (const item of items) {
    const live = store.get(
      route.resource,
      route.namespace,
      stringAt(item, "metadata", "name") ?? "",
    );
    if (live && request.query.get("dryRun") !== "All") {
      remover.remove(route.resource, live, propagationOf(route, request.query, {}));
    }
  }
  return list;
}

/** pkg/registry/batch/job/strategy.go, DefaultGarbageCollectionPolicy; so has the other. */
const jobs = knownResource("Job");
const orphaning = new Set([jobs, knownResource("ReplicationController")]);

/** pkg/registry/batch/job/storage/storage.go, Delete: who does not say it leaves the pods behind. */
export function deletionWarnings({ route, request }: Deletion): readonly string[] {
  const body = request.body.length === 0 ? {} : readBody(request);
  const asked = request.query.get("propagationPolicy") ?? valueAt(body, "propagationPolicy");
  if (route.resource !== jobs || asked !== undefined) return [];
  return [
    [
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background",
      "to remove them or set propagationPolicy=Orphan to suppress this warning",
    ].join(" "),
  ];
}

/** The query parameter, or the DeleteOptions in the body; what neither says is up to the kind. */
function propagationOf({ resource }: ObjectRoute, query: URLSearchParams, body: Json): Propagation {
  const asked =
    query.get("propagationPolicy") ??
    (isObject(body) ? valueAt(objectAt(body), "propagationPolicy") : undefined);
  if (
    asked === undefined ||
    asked === "Background" ||
    asked === "Foreground" ||
    asked === "Orphan"
  ) {
    return asked ?? (orphaning.has(resource) ? "Orphan" : "Background");
  }
  throw invalid(optionsKind("DeleteOptions"), "", [
    unsupported("propagationPolicy", asked, ["Foreground", "Background", "Orphan", "nil"]),
  ]);
}
