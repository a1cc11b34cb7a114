import { type JsonObject, objectAt, stringAt, valueAt } from "../../json-value.ts";
import type { Admission } from "../admission/admission.ts";
import type { Write } from "../fields/managed-fields.ts";
import {
  invalid,
  modifiedMeanwhile,
  namespaceTerminating,
  notFound,
} from "../objects/api-refusal.ts";
import { isTerminating, nameOf, withValue } from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import type { ObjectRoute } from "../requests/request-route.ts";
import type { WriteOptions } from "../requests/write-options.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { ObjectWriter } from "../storage/object-writer.ts";
import { objectFaults } from "../validation/validate-object.ts";

const namespaces = knownResource("Namespace");

export interface Cluster {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly admission: Admission;
}

export interface ClientWrite {
  readonly route: ObjectRoute;
  readonly options: WriteOptions;
  readonly live: JsonObject | undefined;
  readonly next: JsonObject;
  readonly operation: Write["operation"];
  readonly manager: string;
  /** Throws what is said only of a valid object. */
  readonly refuseValid?: () => void;
}

/** Stores what a client wants, if it is valid. */
export function commitWrite(
  { writer, admission }: Cluster,
  { route, options, live, next, operation, manager, refuseValid }: ClientWrite,
): JsonObject {
  requireSameVersion(route, next, live);
  const check = (object: JsonObject): void => {
    const causes = objectFaults(route.resource, object, live);
    if (causes.length > 0) throw invalid(route.resource, nameOf(object), causes);
    const refusal =
      route.subresource === undefined
        ? admission.refusalOf(route.resource, object, live === undefined)
        : undefined;
    if (refusal) throw refusal;
    refuseValid?.();
  };
  const write = writer.write(manager, route.resource, {
    operation,
    subresource: route.subresource,
  });
  return writer.commit({
    resource: route.resource,
    live,
    next: separated(route, next, live),
    write,
    check,
    effect: options.dryRun ? "dry-run" : "store",
  });
}

const deletionFields = ["deletionTimestamp", "deletionGracePeriodSeconds"];

/** A write to an object's own address never changes its status, one to `/status` nothing else. */
function separated(route: ObjectRoute, next: JsonObject, live: JsonObject | undefined): JsonObject {
  if (route.subresource === "status") {
    const metadata = {
      ...objectAt(live, "metadata"),
      managedFields: valueAt(next, "metadata", "managedFields"),
    };
    return withValue({ ...live, metadata }, ["status"], next["status"]);
  }
  const kept =
    route.subresource === "finalize" || route.resource !== namespaces || !live
      ? next
      : withValue(next, ["spec", "finalizers"], valueAt(live, "spec", "finalizers"));
  const marked = deletionFields.reduce(
    (done, field) => withValue(done, ["metadata", field], valueAt(live, "metadata", field)),
    kept,
  );
  const hasOwnStatus = route.resource.custom && !route.resource.parts.includes("status");
  return hasOwnStatus ? marked : withValue(marked, ["status"], valueAt(live, "status"));
}

/** Optimistic locking: whoever names a version means that one. */
export function requireSameVersion(
  route: ObjectRoute,
  next: JsonObject,
  live: JsonObject | undefined,
): void {
  const version = stringAt(next, "metadata", "resourceVersion");
  if (live && version && version !== stringAt(live, "metadata", "resourceVersion")) {
    throw modifiedMeanwhile(route.resource, nameOf(live));
  }
}

/** Creating needs its namespace, and one that is not on its way out. */
export function requireNamespace(store: ObjectStore, route: ObjectRoute, name: string): void {
  if (route.resource.scope === "cluster") return;
  const namespace = store.get(namespaces, "", route.namespace);
  if (!namespace) throw notFound(namespaces, route.namespace);
  const exists = store.get(route.resource, route.namespace, name) !== undefined;
  if (isTerminating(namespace) && !exists) {
    throw namespaceTerminating(route.resource, name, route.namespace);
  }
}

export function requireLive(store: ObjectStore, route: ObjectRoute): JsonObject {
  const live = store.get(route.resource, route.namespace, route.name);
  if (!live) throw notFound(route.resource, route.name);
  return live;
}
