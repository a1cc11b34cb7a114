import { type JsonObject, listAt } from "../../json-value.ts";
import { isTerminating, nameOf, namespaceOf, withValue } from "../objects/object-value.ts";
import { type Resource, storageKey } from "../objects/resource-table.ts";

export interface StoreChange {
  readonly kind: "put" | "removed";
  readonly resource: Resource;
  /** As it is now, or was when it went. */
  readonly object: JsonObject;
  /** As it was; undefined for a new object. */
  readonly before: JsonObject | undefined;
  readonly revision: number;
}

/** What etcd is to the API server: objects by kind, namespace and name, under one growing revision. */
export interface ObjectStore {
  get(resource: Resource, namespace: string, name: string): JsonObject | undefined;
  /** In the order of namespace and name; an empty namespace means all. */
  list(resource: Resource, namespace: string): readonly JsonObject[];
  put(resource: Resource, object: JsonObject): JsonObject;
  remove(resource: Resource, object: JsonObject): void;
  revision(): string;
  /** What happened after a revision; undefined when that is longer ago than is remembered. */
  changesAfter(revision: number): readonly StoreChange[] | undefined;
  /** The returned function ends it. */
  onChange(listener: (change: StoreChange) => void): () => void;
}

/** As many as a day of promotions makes; the API server remembers minutes. */
const remembered = 5000;

export function createObjectStore(): ObjectStore {
  const kinds = new Map<string, Map<string, JsonObject>>();
  const listeners = new Set<(change: StoreChange) => void>();
  const changes: StoreChange[] = [];
  let revision = 1000;
  let forgotten = revision;
  const kindOf = (resource: Resource): Map<string, JsonObject> => {
    const id = storageKey(resource);
    const known = kinds.get(id) ?? new Map<string, JsonObject>();
    kinds.set(id, known);
    return known;
  };
  const tell = (change: StoreChange): void => {
    changes.push(change);
    if (changes.length > remembered) forgotten = changes.shift()?.revision ?? forgotten;
    for (const listener of listeners) listener(change);
  };
  const remove = (resource: Resource, object: JsonObject): void => {
    const before = kindOf(resource).get(keyOf(namespaceOf(object), nameOf(object)));
    kindOf(resource).delete(keyOf(namespaceOf(object), nameOf(object)));
    tell({ kind: "removed", resource, object, before, revision: ++revision });
  };
  return {
    get: (resource, namespace, name) => kindOf(resource).get(keyOf(namespace, name)),
    list(resource, namespace) {
      const all = [...kindOf(resource)].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return all
        .filter(([key]) => namespace === "" || key.startsWith(`${namespace}/`))
        .map(([, object]) => object);
    },
    put(resource, object) {
      if (isReleased(resource, object)) {
        remove(resource, object);
        return object;
      }
      const stored = withValue(object, ["metadata", "resourceVersion"], String(++revision));
      const before = kindOf(resource).get(keyOf(namespaceOf(object), nameOf(object)));
      kindOf(resource).set(keyOf(namespaceOf(object), nameOf(object)), stored);
      tell({ kind: "put", resource, object: stored, before, revision });
      return stored;
    },
    remove,
    revision: () => String(revision),
    changesAfter: (since) =>
      since < forgotten ? undefined : changes.filter((change) => change.revision > since),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/**
 * Marked for deletion, and the last finalizer is gone; pods and namespaces are removed by who stops
 * them.
 */
function isReleased({ group, kind }: Resource, object: JsonObject): boolean {
  const isStopped = group === "" && (kind === "Pod" || kind === "Namespace");
  if (!isTerminating(object) || isStopped) return false;
  return listAt(object, "metadata", "finalizers").length === 0;
}
