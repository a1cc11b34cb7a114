import { type Json, type JsonObject, isObject, stringAt } from "../../json-value.ts";
import { decoded, fieldFaults } from "../fields/check-fields.ts";
import { badRequest } from "../objects/api-refusal.ts";
import { nameOf, namespaceOf, withValue } from "../objects/object-value.ts";
import { apiVersionOf } from "../objects/resource-table.ts";
import type { ObjectRoute } from "./request-route.ts";
import type { WriteOptions } from "./write-options.ts";

/** A write, taken apart. */
export interface WriteRequest {
  readonly route: ObjectRoute;
  readonly body: Json;
  readonly contentType: string;
  readonly options: WriteOptions;
}

export interface Decoded {
  readonly object: JsonObject;
  /** Fields that were dropped, told in a Warning header. */
  readonly warnings: readonly string[];
}

/**
 * Field validation
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level):
 * what has the wrong type is refused, an unknown field is refused, told or dropped.
 */
export function decodeBody(
  { route, options }: Pick<WriteRequest, "route" | "options">,
  body: JsonObject,
): Decoded {
  requireIdentity(route, body);
  const { kind, version, schema, custom } = route.resource;
  const faults = fieldFaults(body, schema);
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}`;
  // What a custom resource holds is checked when it is validated, not when it is read.
  const broken = faults.find(
    (fault) =>
      (fault.kind === "type" || fault.kind === "conversion") &&
      (!custom || fault.path.startsWith("metadata")),
  );
  if (broken) throw badRequest(`${prefix}: ${broken.decoding}`);
  const unknown = faults.filter((fault) => fault.kind === "unknown").map((fault) => fault.decoding);
  if (unknown.length > 0 && options.fieldValidation === "Strict") {
    throw badRequest(`${prefix}: strict decoding error: ${unknown.join(", ")}`);
  }
  return {
    object: decoded(body, schema),
    warnings: options.fieldValidation === "Warn" ? unknown : [],
  };
}

/** Kind, name and namespace of the body are those of the address, where the body has them. */
function requireIdentity(route: ObjectRoute, body: JsonObject): void {
  const apiVersion = apiVersionOf(route.resource);
  const kind = stringAt(body, "kind") ?? route.resource.kind;
  const given = stringAt(body, "apiVersion") ?? apiVersion;
  if (given !== apiVersion || kind !== route.resource.kind) {
    const sent = `${given}, Kind=${kind}`;
    const expected = `${apiVersion}, Kind=${route.resource.kind}`;
    throw badRequest(
      `the API version in the data (${sent}) does not match the expected API version (${expected})`,
    );
  }
  requireAddress(route, body);
}

export function requireAddress(route: ObjectRoute, body: JsonObject): void {
  const name = nameOf(body);
  if (route.name !== "" && name !== "" && name !== route.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${route.name})`,
    );
  }
  const namespace = namespaceOf(body);
  if (namespace !== "" && namespace !== route.namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
}

export function withNamespace(route: ObjectRoute, object: JsonObject): JsonObject {
  return withValue(
    object,
    ["metadata", "namespace"],
    route.namespace === "" ? undefined : route.namespace,
  );
}

export function asObject(body: Json): JsonObject {
  if (!isObject(body)) {
    const type = Array.isArray(body) ? "array" : typeof body;
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value`,
    );
  }
  return body;
}
