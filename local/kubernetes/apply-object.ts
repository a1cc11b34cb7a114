import { applyConflict, badRequest, invalid, modifiedMeanwhile, notFound, untypablePatch } from "./api-refusal.ts";
import { applyConfiguration } from "./server-side-apply.ts";
import { asObject, requireIdentity, withNamespace, type WriteRequest } from "./decode-body.ts";
import { type Cluster, requireNamespace, requireSameVersion, storeObject } from "./store-object.ts";
import { decoded, fieldFaults } from "./check-fields.ts";
import { type JsonObject, listAt, stringAt, withValue } from "./json-value.ts";
import { modelSchema } from "./field-schema.ts";
import { apiVersionOf } from "./resource-table.ts";
import { patchOptions, type WriteOptions } from "./write-options.ts";

/** PATCH with `application/apply-patch+yaml`: makes the object, or merges into it under the name of a field manager. */
export function applyObject(cluster: Cluster, request: WriteRequest): { readonly code: 200 | 201; readonly object: JsonObject; readonly warnings: readonly string[] } {
  const { route, options } = request;
  const manager = requireFieldManager(options);
  const config = configOf(request);
  const live = cluster.store.get(route.resource, route.namespace, route.name);
  requireNamespace(cluster.store, route, route.name);
  requireIdentifiedObject(request, config, live);
  const write = cluster.writer.write(manager, route.resource, { operation: "Apply", subresource: route.subresource });
  const schema = modelSchema(route.resource.model);
  const applied = applyConfiguration({ live, config: withoutServerFields(config), schema, write, onConflict: options.force ? "take-over" : "refuse" });
  if (applied.kind === "conflict") throw applyConflict(applied.message, applied.causes);
  const object = storeObject(cluster, { route, options, live, next: applied.object, operation: "Apply", manager });
  return { code: live ? 200 : 201, object, warnings: [] };
}

function requireFieldManager({ fieldManager }: WriteOptions): string {
  if (fieldManager !== "") return fieldManager;
  const cause = { reason: "FieldValueRequired", message: "Required value: is required for apply patch", field: "fieldManager" };
  throw invalid(patchOptions, "", [cause]);
}

function configOf({ route, body }: WriteRequest): JsonObject {
  const config = asObject(body);
  requireIdentity(route, config);
  if (listAt(config, "metadata", "managedFields").length > 0) throw badRequest("metadata.managedFields must be nil");
  const schema = modelSchema(route.resource.model);
  const named = withValue(withNamespace(route, config), ["metadata", "name"], route.name);
  const [fault] = fieldFaults(named, schema);
  if (!fault) return decoded(named, schema);
  // The core group has no name: `/v1, Kind=Service`.
  const groupVersion = route.resource.group === "" ? "/v1" : apiVersionOf(route.resource);
  throw untypablePatch(`failed to create typed patch object (${route.namespace}/${route.name}; ${groupVersion}, Kind=${route.resource.kind}): ${fault.applying}`);
}

/** An apply that names a uid or a version is for that very object: it creates nothing, and overwrites nothing newer. */
function requireIdentifiedObject({ route }: WriteRequest, config: JsonObject, live: JsonObject | undefined): void {
  const uid = stringAt(config, "metadata", "uid");
  if (!live && stringAt(config, "metadata", "resourceVersion")) throw notFound(route.resource, route.name);
  if (!live && uid) throw modifiedMeanwhile(route.resource, route.name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  requireSameVersion(route, config, live);
}

const serverFields = ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink"];

function withoutServerFields(config: JsonObject): JsonObject {
  return serverFields.reduce((done, field) => withValue(done, ["metadata", field], undefined), config);
}
