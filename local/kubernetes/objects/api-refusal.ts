import type { Json, JsonObject } from "../../json-value.ts";
import { type Resource, qualified } from "./resource-table.ts";

/** One field of `details.causes` in a Status. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/**
 * The server answers with a Status that is a failure. Thrown inside, turned into the response at
 * the edge.
 */
export class ApiRefusal extends Error {
  readonly status: JsonObject;
  readonly code: number;

  constructor(
    code: number,
    reason: string | undefined,
    rest: { message: string; details?: JsonObject },
  ) {
    super(rest.message);
    this.name = "ApiRefusal";
    this.code = code;
    const { message, details } = rest;
    const optional = { ...(reason ? { reason } : {}), ...(details ? { details } : {}) };
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...optional,
      code,
    };
  }
}

export function badRequest(message: string): ApiRefusal {
  return new ApiRefusal(400, "BadRequest", { message });
}

export function unauthorized(): ApiRefusal {
  return new ApiRefusal(401, "Unauthorized", { message: "Unauthorized" });
}

export function forbidden(resource: Resource, name: string, why: string): ApiRefusal {
  const what = `${qualified(resource.plural, resource.group)}${name === "" ? "" : ` "${name}"`}`;
  return new ApiRefusal(403, "Forbidden", {
    message: `${what} is forbidden: ${why}`,
    details: detailsOf(resource, name),
  });
}

export function namespaceTerminating(
  resource: Resource,
  name: string,
  namespace: string,
): ApiRefusal {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  const message = `${qualified(resource.plural, resource.group)} "${name}" is forbidden: ${why}`;
  return new ApiRefusal(403, "Forbidden", {
    message,
    details: { ...detailsOf(resource, name), causes: [cause] },
  });
}

export function notFound(resource: Resource, name: string): ApiRefusal {
  const message = `${qualified(resource.plural, resource.group)} "${name}" not found`;
  return new ApiRefusal(404, "NotFound", { message, details: detailsOf(resource, name) });
}

export function unknownPath(): ApiRefusal {
  return new ApiRefusal(404, "NotFound", {
    message: "the server could not find the requested resource",
    details: {},
  });
}

export function methodNotAllowed(): ApiRefusal {
  const message = "the server does not allow this method on the requested resource";
  return new ApiRefusal(405, "MethodNotAllowed", { message, details: {} });
}

export function alreadyExists(resource: Resource, name: string): ApiRefusal {
  const message = `${qualified(resource.plural, resource.group)} "${name}" already exists`;
  return new ApiRefusal(409, "AlreadyExists", { message, details: detailsOf(resource, name) });
}

export function modifiedMeanwhile(resource: Resource, name: string, why?: string): ApiRefusal {
  const because =
    why ??
    "the object has been modified; please apply your changes to the latest version and try again";
  const what = `${qualified(resource.plural, resource.group)} "${name}"`;
  const message = `Operation cannot be fulfilled on ${what}: ${because}`;
  return new ApiRefusal(409, "Conflict", { message, details: detailsOf(resource, name) });
}

export function applyConflict(message: string, causes: readonly Cause[]): ApiRefusal {
  return new ApiRefusal(409, "Conflict", { message, details: { causes: causes.map(causeJson) } });
}

/**
 * A watch from a version that is no longer remembered: apimachinery pkg/api/errors,
 * NewResourceExpired.
 */
export function expired(version: number, current: string): ApiRefusal {
  return new ApiRefusal(410, "Expired", {
    message: `too old resource version: ${version} (${current})`,
  });
}

export function unsupportedMediaType(accepted: readonly string[]): ApiRefusal {
  const types = accepted.join(", ");
  const message = `the body of the request was in an unknown format - accepted media types include: ${types}`;
  return new ApiRefusal(415, "UnsupportedMediaType", { message });
}

/** The web framework of the server refuses what no patch handler consumes. */
export function unsupportedPatch(): ApiRefusal {
  return new ApiRefusal(415, "UnsupportedMediaType", {
    message: "415: Unsupported Media Type",
    details: {},
  });
}

/**
 * Preconditions of a deletion: the kind stands where other conflicts name the resource
 * (registry/generic/registry/store.go).
 */
export function preconditionFailed(resource: Resource, name: string, why: string): ApiRefusal {
  const message = `Operation cannot be fulfilled on ${qualified(resource.kind, resource.group)} "${name}": ${why}`;
  return new ApiRefusal(409, "Conflict", {
    message,
    details: { ...detailsOf(resource, name), kind: resource.kind },
  });
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): ApiRefusal {
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = lines.length === 1 ? lines.join("") : `[${lines.join(", ")}]`;
  const message = `${qualified(resource.kind, resource.group)} "${name}" is invalid: ${list}`;
  const details = {
    ...detailsOf(resource, name),
    kind: resource.kind,
    causes: causes.map(causeJson),
  };
  return new ApiRefusal(422, "Invalid", { message, details });
}

/**
 * A server-side apply that does not fit the schema: the server answers 500 without a reason, still
 * in 2026 (https://github.com/kubernetes/kubernetes/issues/122480 shows the body, /issues/139253
 * asks for 400).
 */
export function untypablePatch(message: string): ApiRefusal {
  return new ApiRefusal(500, undefined, { message });
}

function detailsOf(resource: Resource, name: string): JsonObject {
  const group: Record<string, Json> = resource.group === "" ? {} : { group: resource.group };
  return { ...(name === "" ? {} : { name }), ...group, kind: resource.plural };
}

function causeJson(cause: Cause): JsonObject {
  return { reason: cause.reason, message: cause.message, field: cause.field };
}
