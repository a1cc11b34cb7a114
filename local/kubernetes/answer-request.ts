import type { Readable } from "node:stream";
import type { Clock } from "../clock.ts";
import { type JsonObject } from "../json-value.ts";
import type { ServiceRequest } from "../service.ts";
import { unsupported } from "../unsupported.ts";
import type { ContainerLogs } from "./nodes/container-logs.ts";
import {
  ApiRefusal,
  badRequest,
  forbidden,
  methodNotAllowed,
  notFound,
  unauthorized,
  unknownPath,
} from "./objects/api-refusal.ts";
import type { Resources } from "./objects/custom-resources.ts";
import { apiVersionOf } from "./objects/resource-table.ts";
import { discoveryDocument, isBuiltInGroup } from "./reads/discovery.ts";
import { listObjects } from "./reads/list-objects.ts";
import { readLog } from "./reads/read-log.ts";
import { watchObjects } from "./reads/watch-objects.ts";
import type { WriteRequest } from "./requests/decode-body.ts";
import { readBody, mediaType } from "./requests/read-body.ts";
import { type ObjectRoute, routeOf, type Verb } from "./requests/request-route.ts";
import { writeOptions } from "./requests/write-options.ts";
import { type Remover } from "./storage/object-remover.ts";
import { type Cluster, requireLive } from "./writes/client-write.ts";
import { deleteCollection, deleteObject, deletionWarnings } from "./writes/delete-object.ts";
import { scaleOf, writeScale } from "./writes/scale-object.ts";
import { createObject, patchObject, updateObject, type Written } from "./writes/write-verbs.ts";

export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly functionName?: string;
}

export interface Attempt {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: Verb;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export type Authorize = (attempt: Attempt) => boolean;

export interface AnswerWorld extends Cluster {
  readonly remover: Remover;
  readonly resources: Resources;
  readonly clock: Clock;
  readonly logs: ContainerLogs;
  readonly authenticate: ((token: string | undefined) => Identity | undefined) | undefined;
  readonly authorize: Authorize | undefined;
}

/** Without a body it is a plain text: `text`, else that of a path that no API has. */
export interface Answer {
  readonly code: number;
  readonly body: JsonObject | undefined;
  readonly warnings: readonly string[];
  readonly text?: string;
  /** What follows as it happens, in the place of a body. */
  readonly stream?: Readable;
}

export function answerRequest(world: AnswerWorld, request: ServiceRequest): Answer {
  try {
    return answer(world, request);
  } catch (error) {
    if (error instanceof ApiRefusal) return { code: error.code, body: error.status, warnings: [] };
    throw error;
  }
}

const pageNotFound: Answer = { code: 404, body: undefined, warnings: [] };
const ok = (body: JsonObject): Answer => ({ code: 200, body, warnings: [] });

function answer(world: AnswerWorld, request: ServiceRequest): Answer {
  const identity = identify(world, request);
  const route = routeOf(world.resources, request);
  if (route.kind === "unknown-path") return pageNotFound;
  if (route.kind === "unsupported") throw badRequest(unsupported(route.what));
  if (route.kind === "unknown-part") throw notFound(route.resource, route.name);
  if (route.kind === "unknown-resource") {
    if (!isBuiltInGroup(request.path)) return pageNotFound;
    throw unknownPath();
  }
  if (route.kind === "object") return answerObject(world, { route, request, identity });
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
  const document = discoveryDocument(world.resources, route.path);
  if (document) return ok(document);
  if (!isBuiltInGroup(route.path)) return pageNotFound;
  throw unknownPath();
}

function identify({ authenticate }: AnswerWorld, { headers }: ServiceRequest): Identity {
  if (!authenticate) return { user: "kubernetes-admin", groups: ["system:masters"] };
  const token = /^Bearer (.+)$/i.exec(headers["authorization"] ?? "")?.[1];
  const identity = authenticate(token);
  if (!identity) throw unauthorized();
  return identity;
}

interface ObjectRequest {
  readonly route: ObjectRoute;
  readonly request: ServiceRequest;
  readonly identity: Identity;
}

function answerObject(world: AnswerWorld, asked: ObjectRequest): Answer {
  const { route } = asked;
  const verb = route.verb;
  if (
    !verb ||
    (route.resource.scope === "namespaced" &&
      route.namespace === "" &&
      verb !== "list" &&
      verb !== "watch")
  ) {
    throw methodNotAllowed();
  }
  permit(world, asked, verb);
  return verbs[verb](world, asked);
}

const verbs: Readonly<Record<Verb, (world: AnswerWorld, asked: ObjectRequest) => Answer>> = {
  get: (world, { route, request }) => {
    const object = requireLive(world.store, route);
    if (route.subresource === "log") {
      const text = readLog(world.logs, object, request.query);
      return text === undefined
        ? { code: 204, body: undefined, text: "", warnings: [] }
        : { code: 200, body: undefined, text, warnings: [] };
    }
    return ok(shown(route, object));
  },
  list: (world, { route, request }) => ok(listObjects(world.store, route, request.query)),
  watch: (world, { route, request }) => ({
    code: 200,
    body: undefined,
    warnings: [],
    stream: watchObjects(world, route, request.query),
  }),
  create: (world, asked) => written(createObject(world, writeRequest(asked))),
  update: (world, asked) =>
    asked.route.subresource === "scale"
      ? scaled(world, asked)
      : written(updateObject(world, writeRequest(asked))),
  patch: (world, asked) => {
    if (asked.route.subresource === "scale") return scaled(world, asked);
    const { resource, namespace, name } = asked.route;
    if (isApply(asked.request) && !world.store.get(resource, namespace, name)) {
      permit(world, asked, "create");
    }
    return written(patchObject(world, writeRequest(asked)));
  },
  delete: (world, asked) => ({
    ...ok(deleteObject(world, asked)),
    warnings: deletionWarnings(asked),
  }),
  deletecollection: (world, asked) => ok(deleteCollection(world, asked)),
};

/**
 * Texts of the RBAC authoriser: apiserver pkg/endpoints/handlers/responsewriters/errors.go.
 * Applying what is not there needs `create` as well.
 */
function permit(world: AnswerWorld, { route, identity }: ObjectRequest, verb: Verb): void {
  const { resource, namespace, name, subresource } = route;
  const full = subresource ? `${resource.plural}/${subresource}` : resource.plural;
  const attempt = {
    user: identity.user,
    groups: identity.groups ?? [],
    verb,
    group: resource.group,
    resource: full,
    namespace,
    name,
  };
  if (!world.authorize || world.authorize(attempt)) return;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  throw forbidden(
    resource,
    name,
    `User "${identity.user}" cannot ${verb} resource "${full}" in API group "${resource.group}" ${where}`,
  );
}

function isApply({ headers }: ServiceRequest): boolean {
  return mediaType(headers) === "application/apply-patch+yaml";
}

/** In the version that was asked for. */
function shown({ resource, subresource }: ObjectRoute, object: JsonObject): JsonObject {
  if (subresource === "scale") return scaleOf(resource, object);
  return resource.custom ? { ...object, apiVersion: apiVersionOf(resource) } : object;
}

function scaled(world: AnswerWorld, asked: ObjectRequest): Answer {
  return ok(writeScale(world, writeRequest(asked), asked.request.method));
}

function writeRequest({ route, request }: ObjectRequest): WriteRequest {
  return {
    route,
    body: readBody(request),
    contentType: mediaType(request.headers),
    options: writeOptions(request),
  };
}

function written({ code, object, warnings }: Written): Answer {
  return { code, body: object, warnings };
}
