import { type JsonObject, isTerminating, listAt, nameOf, namespaceOf, withValue } from "./json-value.ts";
import type { Resource } from "./resource-table.ts";

export interface StoreChange {
  readonly kind: "put" | "removed";
  readonly resource: Resource;
  readonly object: JsonObject;
}

/** What etcd is to the API server: objects by kind, namespace and name, under one growing revision. */
export interface ObjectStore {
  get(resource: Resource, namespace: string, name: string): JsonObject | undefined;
  /** In the order of namespace and name; an empty namespace means all. */
  list(resource: Resource, namespace: string): readonly JsonObject[];
  put(resource: Resource, object: JsonObject): JsonObject;
  remove(resource: Resource, object: JsonObject): void;
  revision(): string;
  onChange(listener: (change: StoreChange) => void): void;
}

export function createObjectStore(): ObjectStore {
  const kinds = new Map<string, Map<string, JsonObject>>();
  const listeners: ((change: StoreChange) => void)[] = [];
  let revision = 1000;
  const kindOf = (resource: Resource): Map<string, JsonObject> => {
    const id = `${resource.group}/${resource.plural}`;
    const known = kinds.get(id) ?? new Map<string, JsonObject>();
    kinds.set(id, known);
    return known;
  };
  const tell = (change: StoreChange): void => listeners.forEach((listener) => listener(change));
  const remove = (resource: Resource, object: JsonObject): void => {
    revision++;
    kindOf(resource).delete(keyOf(namespaceOf(object), nameOf(object)));
    tell({ kind: "removed", resource, object });
  };
  return {
    get: (resource, namespace, name) => kindOf(resource).get(keyOf(namespace, name)),
    list(resource, namespace) {
      const all = [...kindOf(resource)].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return all.filter(([key]) => namespace === "" || key.startsWith(`${namespace}/`)).map(([, object]) => object);
    },
    put(resource, object) {
      if (isReleased(object)) {
        remove(resource, object);
        return object;
      }
      const stored = withValue(object, ["metadata", "resourceVersion"], String(++revision));
      kindOf(resource).set(keyOf(namespaceOf(object), nameOf(object)), stored);
      tell({ kind: "put", resource, object: stored });
      return stored;
    },
    remove,
    revision: () => String(revision),
    onChange: (listener) => void listeners.push(listener),
  };
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** Marked for deletion, and the last finalizer is gone; pods and namespaces are removed by who stops them. */
function isReleased(object: JsonObject): boolean {
  if (!isTerminating(object) || object["kind"] === "Pod" || object["kind"] === "Namespace") return false;
  return listAt(object, "metadata", "finalizers").length === 0;
}
