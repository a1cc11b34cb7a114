import { Readable } from "node:stream";
import type { Clock } from "../../clock.ts";
import { type JsonObject } from "../../json-value.ts";
import { ApiRefusal, expired, invalid } from "../objects/api-refusal.ts";
import { withValue } from "../objects/object-value.ts";
import { apiVersionOf, storageKey } from "../objects/resource-table.ts";
import { forbiddenField } from "../objects/validation-cause.ts";
import type { ObjectRoute } from "../requests/request-route.ts";
import { optionsKind } from "../requests/write-options.ts";
import type { ObjectStore, StoreChange } from "../storage/object-store.ts";
import { objectSelection } from "./object-selection.ts";

interface WatchWorld {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: JsonObject;
}

interface WatchScope {
  readonly route: ObjectRoute;
  readonly query: URLSearchParams;
  readonly selects: (object: JsonObject) => boolean;
}

/**
 * How long a watch lasts that does not say it, and how often it is told where it is: apiserver
 * pkg/endpoints/handlers/get.go, pkg/storage/cacher.
 */
const usualSeconds = 30 * 60;
const betweenBookmarks = 60_000;

/**
 * Changes as they happen, one JSON document a line, after the resourceVersion that the client has
 * seen
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 */
export function watchObjects(
  { store, clock }: WatchWorld,
  route: ObjectRoute,
  query: URLSearchParams,
): Readable {
  requireWatchOptions(query);
  const watched = { route, query, selects: objectSelection(route, query) };
  const past = pastEvents(store, watched);
  if (past.kind === "expired") return Readable.from([line(past.event)]);
  const cancellations: (() => void)[] = [];
  const cancel = (): void => cancellations.splice(0).forEach((one) => one());
  const stream = new Readable({
    read: () => undefined,
    destroy(error, done) {
      cancel();
      done(error);
    },
  });
  const send = (event: WatchEvent): void => void stream.push(line(event));
  const bookmark = (): void => {
    if (query.get("allowWatchBookmarks") === "true") send(bookmarkOf(store, route));
  };
  past.events.forEach(send);
  cancellations.push(
    store.onChange((change) => eventsOf(change, watched).forEach(send)),
    every(clock, betweenBookmarks, bookmark),
    clock.at(clock.now() + secondsOf(query) * 1000, () => {
      bookmark();
      cancel();
      stream.push(null);
    }),
  );
  return stream;
}

const line = ({ type, object }: WatchEvent): string => `${JSON.stringify({ type, object })}\n`;

type Past =
  | { readonly kind: "known"; readonly events: readonly WatchEvent[] }
  | { readonly kind: "expired"; readonly event: WatchEvent };

/**
 * Without a version, and with version 0, a watch begins with all that there is; with one it begins
 * after that.
 */
function pastEvents(store: ObjectStore, watched: WatchScope): Past {
  const { route, query, selects } = watched;
  const version = versionOf(query);
  const wantsAll = query.get("sendInitialEvents") === "true";
  if (version === 0 || wantsAll) {
    const there = store.list(route.resource, route.namespace).filter(selects);
    const added = there.map((object): WatchEvent => ({ type: "ADDED", object }));
    return { kind: "known", events: wantsAll ? [...added, initialEnd(store, route)] : added };
  }
  const changes = store.changesAfter(version);
  if (changes) {
    return { kind: "known", events: changes.flatMap((change) => eventsOf(change, watched)) };
  }
  return {
    kind: "expired",
    event: { type: "ERROR", object: expired(version, store.revision()).status },
  };
}

function versionOf(query: URLSearchParams): number {
  const given = query.get("resourceVersion") ?? "";
  if (/^\d*$/.test(given)) return Number(given);
  const quoted = JSON.stringify(given);
  throw new ApiRefusal(500, undefined, {
    message: `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
  });
}

/** apimachinery pkg/apis/meta/internalversion/validation/validation.go */
function requireWatchOptions(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const wantsAll = query.get("sendInitialEvents") === "true";
  const fault =
    wantsAll && match !== "NotOlderThan"
      ? "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
      : undefined;
  const other =
    !query.has("sendInitialEvents") && match !== ""
      ? "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
      : undefined;
  const detail = fault ?? other;
  if (detail !== undefined) {
    throw invalid(optionsKind("ListOptions"), "", [forbiddenField("resourceVersionMatch", detail)]);
  }
}

/**
 * An object that a selector selects no more is gone for this watch, and one that it now selects is
 * new.
 */
function eventsOf(
  { kind, resource, object, before, revision }: StoreChange,
  { route, selects }: WatchScope,
): readonly WatchEvent[] {
  if (storageKey(resource) !== storageKey(route.resource)) return [];
  const was = before !== undefined && selects(before);
  const is = kind === "put" && selects(object);
  if (is) return [{ type: was ? "MODIFIED" : "ADDED", object }];
  return was
    ? [
        {
          type: "DELETED",
          object: withValue(before, ["metadata", "resourceVersion"], String(revision)),
        },
      ]
    : [];
}

function bookmarkOf(store: ObjectStore, { resource }: ObjectRoute): WatchEvent {
  return {
    type: "BOOKMARK",
    object: {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: store.revision(), creationTimestamp: null },
    },
  };
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists */
function initialEnd(store: ObjectStore, route: ObjectRoute): WatchEvent {
  const { type, object } = bookmarkOf(store, route);
  return {
    type,
    object: withValue(object, ["metadata", "annotations", "k8s.io/initial-events-end"], "true"),
  };
}

function secondsOf(query: URLSearchParams): number {
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  return seconds > 0 ? seconds : usualSeconds;
}

function every(clock: Clock, milliseconds: number, action: () => void): () => void {
  const arm = (): (() => void) =>
    clock.at(clock.now() + milliseconds, () => {
      cancel = arm();
      action();
    });
  let cancel = arm();
  return () => cancel();
}
