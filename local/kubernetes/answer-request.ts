import type { Readable } from "node:stream";
import { parse } from "yaml";
import type { Clock } from "../clock.ts";
import { type Json, type JsonObject, stringAt, valueAt } from "../json-value.ts";
import type { ServiceRequest } from "../service.ts";
import {
  ApiRefusal,
  badRequest,
  forbidden,
  methodNotAllowed,
  notFound,
  preconditionFailed,
  unauthorized,
  unknownPath,
  unsupportedMediaType,
} from "./api-refusal.ts";
import type { WriteRequest } from "./decode-body.ts";
import { propagationOf, type Remover } from "./delete-object.ts";
import { discoveryDocument, isServedGroup } from "./discovery.ts";
import { listObjects } from "./list-objects.ts";
import { nameOf, uidOf } from "./object-value.ts";
import { protobufObject } from "./protobuf-body.ts";
import { type ObjectRoute, routeOf, type Verb } from "./request-route.ts";
import { scaleOf, writeScale } from "./scale-object.ts";
import type { Cluster } from "./store-object.ts";
import { watchObjects } from "./watch-objects.ts";
import { createObject, patchObject, updateObject, type Written } from "./write-object.ts";
import { writeOptions } from "./write-options.ts";

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
  readonly clock: Clock;
  readonly authenticate: ((token: string | undefined) => Identity | undefined) | undefined;
  readonly authorize: Authorize | undefined;
}

/** A body of undefined is the plain text of a path that no API has. */
export interface Answer {
  readonly code: number;
  readonly body: JsonObject | undefined;
  readonly warnings: readonly string[];
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
  const route = routeOf(request);
  if (route.kind === "unknown-path") return pageNotFound;
  if (route.kind === "unknown-resource") throw unknownPath();
  if (route.kind === "object") return answerObject(world, { route, request, identity });
  if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
  const document = discoveryDocument(route.path);
  if (document) return ok(document);
  if (!isServedGroup(route.path)) return pageNotFound;
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
  get: (world, { route }) => ok(shown(route, liveObject(world, route))),
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
  delete: remove,
  deletecollection: removeAll,
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

function liveObject(world: AnswerWorld, route: ObjectRoute): JsonObject {
  const live = world.store.get(route.resource, route.namespace, route.name);
  if (!live) throw notFound(route.resource, route.name);
  return live;
}

function shown({ subresource }: ObjectRoute, object: JsonObject): JsonObject {
  return subresource === "scale" ? scaleOf(object) : object;
}

function scaled(world: AnswerWorld, asked: ObjectRequest): Answer {
  return ok(writeScale(world, writeRequest(asked), asked.request.method));
}

function writeRequest({ route, request }: ObjectRequest): WriteRequest {
  return {
    route,
    body: bodyOf(request),
    contentType: mediaType(request.headers),
    options: writeOptions(request),
  };
}

function written({ code, object, warnings }: Written): Answer {
  return { code, body: object, warnings };
}

function mediaType(headers: Readonly<Record<string, string>>): string {
  return (headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
}

/** JSON is YAML, and the server takes both. */
function bodyOf({ method, headers, body }: ServiceRequest): Json {
  if (mediaType(headers) === protobuf) return protobufObject(body) ?? refuseProtobuf();
  const text = body.toString("utf8");
  try {
    return (
      text.trimStart().startsWith("{") || text.trimStart().startsWith("[")
        ? JSON.parse(text)
        : parse(text)
    ) as Json;
  } catch (error) {
    throw badRequest(
      `${unreadable[method] ?? "couldn't get version/kind; json parse error"}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const protobuf = "application/vnd.kubernetes.protobuf";

/** The real server understands every kind of it. */
function refuseProtobuf(): never {
  throw unsupportedMediaType(["application/json", "application/yaml"]);
}

/** How the server begins; how a parser goes on is its own. */
const unreadable: Readonly<Record<string, string>> = {
  PATCH: "error decoding YAML: error converting YAML to JSON: yaml",
};

/**
 * Admission plugin NamespaceLifecycle: apiserver
 * pkg/admission/plugin/namespace/lifecycle/admission.go.
 */
const immortal = new Set(["default", "kube-system", "kube-public"]);

function remove(world: AnswerWorld, { route, request }: ObjectRequest): Answer {
  const live = liveObject(world, route);
  if (route.resource.kind === "Namespace" && immortal.has(route.name)) {
    throw forbidden(route.resource, route.name, "this namespace may not be deleted");
  }
  const body = request.body.length === 0 ? {} : bodyOf(request);
  requirePreconditions(route, live, body);
  const isDryRun =
    request.query.get("dryRun") === "All" || JSON.stringify(valueAt(body, "dryRun")) === '["All"]';
  const left = isDryRun
    ? undefined
    : world.remover.remove(route.resource, live, propagationOf(request.query, body));
  return ok(left ?? deletedStatus(route, live));
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

function removeAll(world: AnswerWorld, { route, request }: ObjectRequest): Answer {
  const list = listObjects(world.store, route, request.query);
  const items = Array.isArray(list["items"]) ? list["items"] : [];
  for (const item of items) {
    const live = world.store.get(
      route.resource,
      route.namespace,
      stringAt(item, "metadata", "name") ?? "",
    );
    if (live && request.query.get("dryRun") !== "All") {
      world.remover.remove(route.resource, live, propagationOf(request.query, {}));
    }
  }
  return ok(list);
}
