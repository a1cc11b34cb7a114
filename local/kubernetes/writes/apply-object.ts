import { type JsonObject, stringAt, valueAt } from "../../json-value.ts";
import { decoded, type FieldFault, fieldFaults } from "../fields/check-fields.ts";
import type { Write } from "../fields/managed-fields.ts";
import {
  applyConflict,
  badRequest,
  invalid,
  modifiedMeanwhile,
  untypablePatch,
} from "../objects/api-refusal.ts";
import { nameOf, uidOf, withValue } from "../objects/object-value.ts";
import { apiVersionOf } from "../objects/resource-table.ts";
import { invalidValue } from "../objects/validation-cause.ts";
import {
  asObject,
  requireAddress,
  withNamespace,
  type WriteRequest,
} from "../requests/decode-body.ts";
import type { ObjectRoute } from "../requests/request-route.ts";
import { patchOptions, type WriteOptions } from "../requests/write-options.ts";
import { type Cluster, requireNamespace, requireSameVersion, commitWrite } from "./client-write.ts";
import { applyConfiguration } from "./server-side-apply.ts";

/**
 * PATCH with `application/apply-patch+yaml`: makes the object, or merges into it under the name of
 * a field manager.
 */
export function applyObject(
  cluster: Cluster,
  request: WriteRequest,
): { readonly code: 200 | 201; readonly object: JsonObject; readonly warnings: readonly string[] } {
  const { route, options } = request;
  const manager = requireFieldManager(options);
  const config = configOf(request);
  const live = cluster.store.get(route.resource, route.namespace, route.name);
  requireNamespace(cluster.store, route, route.name);
  requireIdentifiedObject(request, config, live);
  const write = cluster.writer.write(manager, route.resource, {
    operation: "Apply",
    subresource: route.subresource,
  });
  const { schema } = route.resource;
  const applied = applyConfiguration({
    live,
    config: withoutForeign(withoutServerFields(config), write),
    schema,
    write,
    onConflict: options.force ? "take-over" : "refuse",
  });
  if (applied.kind === "conflict") throw applyConflict(applied.message, applied.causes);
  const object = commitWrite(cluster, {
    route,
    options,
    live,
    next: manager === "kubectl" ? withLastApplied(applied.object, config) : applied.object,
    operation: "Apply",
    manager,
  });
  return { code: live ? 200 : 201, object, warnings: [] };
}

function requireFieldManager({ fieldManager }: WriteOptions): string {
  if (fieldManager !== "") return fieldManager;
  const cause = {
    reason: "FieldValueRequired",
    message: "Required value: is required for apply patch",
    field: "fieldManager",
  };
  throw invalid(patchOptions, "", [cause]);
}

function configOf({ route, body }: WriteRequest): JsonObject {
  const config = body === null ? {} : asObject(body);
  requireKind(route, config);
  if (valueAt(config, "metadata", "managedFields") !== undefined) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const { schema } = route.resource;
  const faults = fieldFaults(withNamespace(route, config), schema).filter(
    (fault) => !(route.resource.custom && fault.kind === "conversion"),
  );
  if (faults.length > 0) throw untypablePatch(faultText(route, faults));
  requireAddress(route, config);
  return decoded(withNamespace(route, config), schema);
}

function requireKind({ resource }: ObjectRoute, config: JsonObject): void {
  const [apiVersion, kind] = [stringAt(config, "apiVersion") ?? "", stringAt(config, "kind") ?? ""];
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
    throw badRequest(`invalid object type: ${kindText(apiVersion, kind)}`);
  }
}

/** The core group has no name: `/v1, Kind=Service`. */
const kindText = (apiVersion: string, kind: string): string =>
  `${apiVersion.includes("/") ? "" : "/"}${apiVersion}, Kind=${kind}`;

/**
 * What does not fit the schema is told all at once; what cannot be converted comes after that, one
 * by one.
 */
function faultText(
  { resource, namespace, name }: ObjectRoute,
  faults: readonly FieldFault[],
): string {
  const kind = kindText(apiVersionOf(resource), resource.kind);
  const what = `(${namespace}/${name}; ${kind})`;
  const typing = faults
    .filter((fault) => fault.kind !== "conversion")
    .map((fault) => fault.applying);
  if (typing.length === 0) {
    const reason = `unable to convert unstructured object to ${kind}: ${faults[0]?.applying}`;
    return `failed to convert new object ${what} to proper version: ${reason}`;
  }
  const listed = typing.length === 1 ? typing[0] : ["errors:", ...typing].join("\n  ");
  return `failed to create typed patch object ${what}: ${listed}`;
}

/**
 * An apply that names a uid or a version is for that very object; a new one needs its name in the
 * body.
 */
function requireIdentifiedObject(
  { route }: WriteRequest,
  config: JsonObject,
  live: JsonObject | undefined,
): void {
  const uid = stringAt(config, "metadata", "uid");
  if (!live && nameOf(config) === "") {
    throw badRequest(
      `the name of the object (${route.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (live && uid && uid !== uidOf(live)) {
    throw invalid(route.resource, route.name, [
      invalidValue("metadata.uid", uid, "field is immutable"),
    ]);
  }
  if (!live && uid) {
    throw modifiedMeanwhile(
      route.resource,
      route.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
  requireSameVersion(route, config, live);
}

const serverFields = [
  "resourceVersion",
  "uid",
  "creationTimestamp",
  "generation",
  "managedFields",
  "selfLink",
];

const lastApplied = ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"];

/**
 * For kubectl alone the annotation of its older way to apply follows, where there is one:
 * managedfields/internal/lastappliedupdater.go.
 */
function withLastApplied(object: JsonObject, config: JsonObject): JsonObject {
  if (valueAt(object, ...lastApplied) === undefined) return object;
  return withValue(object, lastApplied, `${JSON.stringify(withoutServerFields(config))}\n`);
}

/** What such a write leaves as it is may be told, and is not looked at. */
function withoutForeign(config: JsonObject, { foreign }: Write): JsonObject {
  return foreign.reduce(
    (done, root) => withValue(done, [root.slice("f:".length)], undefined),
    config,
  );
}

function withoutServerFields(config: JsonObject): JsonObject {
  return serverFields.reduce(
    (done, field) => withValue(done, ["metadata", field], undefined),
    config,
  );
}
