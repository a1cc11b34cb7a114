import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  valueAt,
} from "../../json-value.ts";
import { withCustomDefaults } from "../defaults/custom-defaults.ts";
import { withJobSelector } from "../defaults/job-defaults.ts";
import { withDefaults } from "../defaults/object-defaults.ts";
import { withTemplateGeneration } from "../defaults/template-generation.ts";
import {
  foreignFields,
  trackUpdate,
  withManagedFields,
  type Write,
} from "../fields/managed-fields.ts";
import { normalized } from "../fields/normalize-object.ts";
import { sameJson, timestamp, withDefault, withValue } from "../objects/object-value.ts";
import { apiVersionOf, knownResource, type Resource } from "../objects/resource-table.ts";
import { typeSchema } from "../schemas/field-schema.ts";
import type { ObjectStore } from "./object-store.ts";

const namespaces = knownResource("Namespace");
const services = knownResource("Service");
const jobs = knownResource("Job");
const daemonSets = knownResource("DaemonSet");

export interface Change {
  readonly resource: Resource;
  readonly live: JsonObject | undefined;
  readonly next: JsonObject;
  readonly write: Write;
  /** Refuses an object by throwing; called with the object as it would be stored. */
  readonly check?: (object: JsonObject) => void;
  readonly effect: "store" | "dry-run";
}

/**
 * The last steps of every write: defaults, what belongs to the server, ownership, generation; then
 * it is stored.
 */
export interface ObjectWriter {
  commit(change: Change): JsonObject;
  /** A write of a controller, with its manager; without a change nothing is stored. */
  update(resource: Resource, live: JsonObject, next: JsonObject): JsonObject;
  create(resource: Resource, object: JsonObject): JsonObject;
  write(
    manager: string,
    resource: Resource,
    rest?: { operation?: Write["operation"]; subresource?: string | undefined },
  ): Write;
}

export function createObjectWriter({
  store,
  clock,
}: {
  store: ObjectStore;
  clock: Clock;
}): ObjectWriter {
  const addresses = serviceAddresses();
  const write: ObjectWriter["write"] = (manager, resource, rest = {}) => ({
    manager,
    operation: rest.operation ?? "Update",
    apiVersion: apiVersionOf(resource),
    subresource: rest.subresource,
    time: timestamp(clock.now()),
    foreign: foreignFields(resource, rest.subresource),
  });
  const commit = (change: Change): JsonObject => {
    const prepared = prepare(change, clock.now(), addresses);
    change.check?.(prepared);
    const owned = withKubernetesFinalizer(withOwnership(prepared, change), change);
    if (change.live && sameJson(withoutTimes(owned), withoutTimes(change.live))) return change.live;
    return change.effect === "dry-run" ? owned : store.put(change.resource, owned);
  };
  const controller = (resource: Resource): Write => write("kube-controller-manager", resource);
  return {
    commit,
    write,
    create: (resource, next) =>
      commit({ resource, live: undefined, next, write: controller(resource), effect: "store" }),
    update: (resource, live, next) =>
      commit({
        resource,
        live,
        next,
        write: write("kube-controller-manager", resource, { subresource: "status" }),
        effect: "store",
      }),
  };
}

function prepare(change: Change, now: number, addresses: () => string): JsonObject {
  const { resource, live, next } = change;
  const typed = { ...next, apiVersion: apiVersionOf(resource), kind: resource.kind };
  const filled = resource.custom
    ? withCustomDefaults(withNormalMetadata(typed), resource.custom.schema)
    : withDefaults(resource.kind, normalized(typed, resource.schema));
  const served = withServerMetadata(filled, live, now);
  const own = ownFields(resource, served, live, addresses);
  return resource.counted ? withGeneration(resource, own, live) : own;
}

/**
 * Every new namespace gets it, and it belongs to nobody: kubernetes/kubernetes
 * pkg/registry/core/namespace/strategy.go, PrepareForCreate.
 */
function withKubernetesFinalizer(object: JsonObject, { resource, live }: Change): JsonObject {
  const finalizers: readonly Json[] = listAt(object, "spec", "finalizers");
  if (resource !== namespaces || live || finalizers.includes("kubernetes")) return object;
  return withValue(object, ["spec", "finalizers"], [...finalizers, "kubernetes"]);
}

function withServerMetadata(
  object: JsonObject,
  live: JsonObject | undefined,
  now: number,
): JsonObject {
  const fresh: JsonObject = {
    uid: randomUUID(),
    creationTimestamp: timestamp(now),
    resourceVersion: undefined,
    generation: undefined,
  };
  const kept = ["uid", "creationTimestamp", "resourceVersion", "generation"].map(
    (key) => [key, live ? valueAt(live, "metadata", key) : fresh[key]] as const,
  );
  const metadata = Object.entries({
    ...objectAt(object, "metadata"),
    ...Object.fromEntries(kept),
  }).filter(([, value]) => value !== undefined);
  return { ...object, metadata: Object.fromEntries(metadata) };
}

/** What the server writes into an object of this kind. */
function ownFields(
  resource: Resource,
  object: JsonObject,
  live: JsonObject | undefined,
  addresses: () => string,
): JsonObject {
  if (resource === services) return withAddress(object, addresses);
  if (resource === daemonSets) return withTemplateGeneration(object, live);
  return resource === jobs ? withJobSelector(object, live) : object;
}

/** Of a custom resource only the metadata are the server's business. */
function withNormalMetadata(object: JsonObject): JsonObject {
  const metadata = normalized(objectAt(object, "metadata"), typeSchema("meta.v1.ObjectMeta"));
  return { ...object, metadata };
}

/** Counts what is wanted: labels, annotations and a status with an address of its own do not. */
function withGeneration(
  { parts }: Resource,
  object: JsonObject,
  live: JsonObject | undefined,
): JsonObject {
  const wanted = ({ metadata: _m, apiVersion: _v, status, ...rest }: JsonObject): JsonObject =>
    parts.includes("status") ? rest : { ...rest, status };
  const before = numberAt(live, "metadata", "generation") ?? 0;
  const changed = !live || !sameJson(wanted(live), wanted(object));
  return withValue(object, ["metadata", "generation"], changed ? before + 1 : before);
}

function withOwnership(object: JsonObject, { resource, live, next, write }: Change): JsonObject {
  if (write.operation === "Apply") return object;
  return withManagedFields(
    object,
    trackUpdate({
      live: live ?? {},
      next: live || resource.kind !== "Service" ? object : withoutAllocated(object, next),
      given: valueAt(next, "metadata", "managedFields"),
      schema: resource.schema,
      write,
    }),
  );
}

/**
 * The address of a new Service belongs to nobody: it is allocated after the fields were counted
 * (kubernetes/kubernetes pkg/registry/core/service/storage/alloc.go).
 */
function withoutAllocated(object: JsonObject, written: JsonObject): JsonObject {
  return ["clusterIP", "clusterIPs"].reduce(
    (done, field) => withValue(done, ["spec", field], valueAt(written, "spec", field)),
    object,
  );
}

/**
 * A write that only moves the time of an entry is no write:
 * managedfields/internal/managedfieldsupdater.go.
 */
function withoutTimes(object: JsonObject): JsonObject {
  const entries = valueAt(object, "metadata", "managedFields");
  if (!Array.isArray(entries)) return object;
  const timeless: readonly Json[] = entries.map((entry) =>
    withValue(objectAt({ entry }, "entry"), ["time"], undefined),
  );
  return withValue(object, ["metadata", "managedFields"], timeless);
}

function withAddress(service: JsonObject, addresses: () => string): JsonObject {
  if (valueAt(service, "spec", "type") === "ExternalName") return service;
  const address = valueAt(service, "spec", "clusterIP") ?? addresses();
  return withDefault(
    withValue(service, ["spec", "clusterIP"], address),
    ["spec", "clusterIPs"],
    [address],
  );
}

function serviceAddresses(): () => string {
  let count = 0;
  return () => {
    count++;
    return `10.96.${Math.floor(count / 250) % 250}.${(count % 250) + 2}`;
  };
}
