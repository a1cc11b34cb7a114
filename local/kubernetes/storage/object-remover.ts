import type { Clock } from "../../clock.ts";
import { type Json, type JsonObject, listAt, numberAt, stringAt } from "../../json-value.ts";
import {
  isOwnedBy,
  isTerminating,
  nameOf,
  namespaceOf,
  sameJson,
  timestamp,
  uidOf,
  withValue,
} from "../objects/object-value.ts";
import { knownResource, type Resource, builtInResources } from "../objects/resource-table.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Content, terminatingNamespace } from "./terminating-namespace.ts";

export type Propagation = "Background" | "Foreground" | "Orphan";

export interface Remover {
  /** Returns what the server answers: the object while it is still there, undefined when it is gone. */
  remove(resource: Resource, object: JsonObject, propagation: Propagation): JsonObject | undefined;
  /**
   * Ends what waits for others to go first: foreground deletions and namespaces. True when
   * something was ended.
   */
  settle(): boolean;
}

/** Finalizers of the garbage collector: apimachinery pkg/apis/meta/v1/types.go. */
const foreground = "foregroundDeletion";
const orphan = "orphan";
const finalizerOf: Readonly<Record<Propagation, string | undefined>> = {
  Background: undefined,
  Foreground: foreground,
  Orphan: orphan,
};

/**
 * Deletion with its propagation
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion).
 */
export function createRemover({ store, clock }: { store: ObjectStore; clock: Clock }): Remover {
  const mark = (resource: Resource, object: JsonObject): JsonObject =>
    isTerminating(object)
      ? object
      : store.put(resource, markedForDeletion(resource, object, clock.now()));
  const remove = (
    resource: Resource,
    object: JsonObject,
    propagation: Propagation,
  ): JsonObject | undefined => {
    if (resource.kind === "Namespace") return removeNamespace(object);
    const dependents = dependentsOf(store, object);
    const current = withFinalizer(object, finalizerOf[propagation]);
    const gone = release(resource, current);
    if (propagation !== "Orphan") {
      for (const it of dependents) remove(it.resource, it.object, propagation);
    }
    return gone ? undefined : store.get(resource, namespaceOf(object), nameOf(object));
  };
  /** A pod stays until its containers have stopped, an object with finalizers until they are gone. */
  const release = (resource: Resource, object: JsonObject): boolean => {
    const isRunning = resource.kind === "Pod" && stringAt(object, "spec", "nodeName") !== undefined;
    if (isRunning || listAt(object, "metadata", "finalizers").length > 0) {
      mark(resource, object);
      return false;
    }
    store.remove(resource, object);
    return true;
  };
  const removeNamespace = (namespace: JsonObject): JsonObject => {
    if (isTerminating(namespace)) return namespace;
    const marked = mark(
      knownResource("Namespace"),
      withValue(namespace, ["status", "phase"], "Terminating"),
    );
    for (const it of contentOf(store, nameOf(namespace))) {
      const still = store.get(it.resource, namespaceOf(it.object), nameOf(it.object));
      if (still) remove(it.resource, still, "Background");
    }
    return marked;
  };
  return { remove, settle: () => settleDependents(store) || settleNamespaces(store, clock.now()) };
}

function markedForDeletion(resource: Resource, object: JsonObject, now: number): JsonObject {
  const timed = withValue(object, ["metadata", "deletionTimestamp"], timestamp(now));
  // Namespaces get none: kubernetes/kubernetes pkg/registry/core/namespace/storage/storage.go, Delete.
  const marked =
    resource.kind === "Namespace"
      ? timed
      : withValue(timed, ["metadata", "deletionGracePeriodSeconds"], graceOf(resource, object));
  const generation = numberAt(object, "metadata", "generation") ?? 0;
  return resource.counted ? withValue(marked, ["metadata", "generation"], generation + 1) : marked;
}

/** A pod has time to stop; everything else is gone as soon as nothing holds it. */
function graceOf(resource: Resource, object: JsonObject): number {
  return resource.kind === "Pod"
    ? (numberAt(object, "spec", "terminationGracePeriodSeconds") ?? 30)
    : 0;
}

function contentOf(store: ObjectStore, namespace: string): readonly Content[] {
  const namespaced = builtInResources.filter((resource) => resource.scope === "namespaced");
  return namespaced.flatMap((resource) =>
    store.list(resource, namespace).map((object) => ({ resource, object })),
  );
}

function dependentsOf(store: ObjectStore, owner: JsonObject): readonly Content[] {
  return contentOf(store, namespaceOf(owner)).filter(({ object }) => isOwnedBy(object, owner));
}

function orphaned(object: JsonObject, owner: JsonObject): JsonObject {
  const left = listAt(object, "metadata", "ownerReferences").filter(
    (reference) => stringAt(reference, "uid") !== uidOf(owner),
  );
  return withValue(object, ["metadata", "ownerReferences"], left.length === 0 ? undefined : left);
}

function withFinalizer(object: JsonObject, finalizer: string | undefined): JsonObject {
  const finalizers: readonly Json[] = listAt(object, "metadata", "finalizers");
  if (finalizer === undefined || finalizers.includes(finalizer)) return object;
  return withValue(object, ["metadata", "finalizers"], [...finalizers, finalizer]);
}

/** What the garbage collector does before an object that it holds may go. */
function settleDependents(store: ObjectStore): boolean {
  const namespaced = builtInResources.filter((resource) => resource.scope === "namespaced");
  const waiting = namespaced.flatMap((resource) =>
    store
      .list(resource, "")
      .filter(isTerminating)
      .map((object) => ({ resource, object })),
  );
  const ready = waiting.find(
    ({ object }) =>
      isHeldBy(object, orphan) ||
      (isHeldBy(object, foreground) && dependentsOf(store, object).length === 0),
  );
  if (!ready) return false;
  const finalizers = listAt(ready.object, "metadata", "finalizers");
  if (isHeldBy(ready.object, orphan)) {
    for (const { resource, object } of dependentsOf(store, ready.object)) {
      store.put(resource, orphaned(object, ready.object));
    }
  }
  const left = finalizers.filter((it) => it !== foreground && it !== orphan);
  store.put(ready.resource, withValue(ready.object, ["metadata", "finalizers"], left));
  return true;
}

function isHeldBy(object: JsonObject, finalizer: string): boolean {
  return listAt(object, "metadata", "finalizers").includes(finalizer);
}

/**
 * Tells what is left; of an emptied one it takes the finalizer `kubernetes`, and it goes with the
 * last finalizer of somebody else.
 */
function settleNamespaces(store: ObjectStore, now: number): boolean {
  const namespaces = knownResource("Namespace");
  return store
    .list(namespaces, "")
    .filter(isTerminating)
    .some((namespace) => {
      const content = contentOf(store, nameOf(namespace));
      const told = terminatingNamespace(namespace, content, now);
      const finalizers: readonly Json[] = listAt(told, "spec", "finalizers");
      const left = finalizers.filter((one) => one !== "kubernetes");
      const next =
        content.length > 0
          ? told
          : withValue(told, ["spec", "finalizers"], left.length === 0 ? undefined : left);
      if (
        content.length === 0 &&
        listAt(next, "spec", "finalizers").length +
          listAt(next, "metadata", "finalizers").length ===
          0
      ) {
        store.remove(namespaces, namespace);
        return true;
      }
      if (next === namespace || sameJson(next, namespace)) return false;
      store.put(namespaces, next);
      return true;
    });
}
