import type { Clock } from "../../clock.ts";
import { type Json, type JsonObject, listAt, numberAt, stringAt } from "../../json-value.ts";
import { customResources, definitions, type Resources } from "../objects/custom-resources.ts";
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
import { knownResource, type Resource, storageKey } from "../objects/resource-table.ts";
import type { ObjectStore } from "./object-store.ts";
import { cleanupFinalizer, terminatingDefinition } from "./terminating-definition.ts";
import { type Content, terminatingNamespace } from "./terminating-namespace.ts";

const namespaces = knownResource("Namespace");
const pods = knownResource("Pod");

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

export interface RemoverWorld {
  readonly store: ObjectStore;
  readonly resources: Resources;
  readonly clock: Clock;
}

/**
 * Deletion with its propagation
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion).
 */
export function createRemover(world: RemoverWorld): Remover {
  const { store, clock } = world;
  const mark = (resource: Resource, object: JsonObject): JsonObject =>
    isTerminating(object)
      ? object
      : store.put(resource, markedForDeletion(resource, object, clock.now()));
  const remove = (
    resource: Resource,
    object: JsonObject,
    propagation: Propagation,
  ): JsonObject | undefined => {
    if (resource === namespaces) return removeNamespace(object);
    if (resource === definitions) return removeDefinition(object);
    const dependents = dependentsOf(world, object);
    const current = withFinalizer(object, finalizerOf[propagation]);
    const gone = release(resource, current);
    if (propagation !== "Orphan") {
      for (const it of dependents) remove(it.resource, it.object, propagation);
    }
    return gone ? undefined : store.get(resource, namespaceOf(object), nameOf(object));
  };
  /** A pod stays until its containers have stopped, an object with finalizers until they are gone. */
  const release = (resource: Resource, object: JsonObject): boolean => {
    const isRunning = resource === pods && stringAt(object, "spec", "nodeName") !== undefined;
    if (isRunning || listAt(object, "metadata", "finalizers").length > 0) {
      mark(resource, object);
      return false;
    }
    store.remove(resource, object);
    return true;
  };
  const removeNamespace = (namespace: JsonObject): JsonObject => {
    if (isTerminating(namespace)) return namespace;
    const marked = mark(namespaces, withValue(namespace, ["status", "phase"], "Terminating"));
    for (const it of contentOf(world, nameOf(namespace))) {
      const still = store.get(it.resource, namespaceOf(it.object), nameOf(it.object));
      if (still) remove(it.resource, still, "Background");
    }
    return marked;
  };
  /** Its objects go first. */
  const removeDefinition = (definition: JsonObject): JsonObject => {
    if (isTerminating(definition)) return definition;
    const marked = mark(definitions, terminatingDefinition(definition, clock.now()));
    const [resource] = customResources(definition);
    for (const object of resource ? store.list(resource, "") : []) {
      if (resource) remove(resource, object, "Background");
    }
    return marked;
  };
  return {
    remove,
    settle: () => settleDependents(world) || settleDefinitions(world) || settleNamespaces(world),
  };
}

function markedForDeletion(resource: Resource, object: JsonObject, now: number): JsonObject {
  const timed = withValue(object, ["metadata", "deletionTimestamp"], timestamp(now));
  // Definitions have a deletion of their own, as namespaces: pkg/registry/core/namespace/storage/storage.go.
  if (resource === definitions) return timed;
  const marked =
    resource === namespaces
      ? timed
      : withValue(timed, ["metadata", "deletionGracePeriodSeconds"], graceOf(resource, object));
  const generation = numberAt(object, "metadata", "generation") ?? 0;
  return resource.counted ? withValue(marked, ["metadata", "generation"], generation + 1) : marked;
}

/** A pod has time to stop; everything else is gone as soon as nothing holds it. */
function graceOf(resource: Resource, object: JsonObject): number {
  return resource === pods ? (numberAt(object, "spec", "terminationGracePeriodSeconds") ?? 30) : 0;
}

/** Each once, of whatever kind; an empty namespace means all, and what is in none. */
function allObjects({ store, resources }: RemoverWorld, namespace: string): readonly Content[] {
  const stored = new Map(resources.all().map((one) => [storageKey(one), one] as const));
  return [...stored.values()].flatMap((resource) =>
    store.list(resource, namespace).map((object) => ({ resource, object })),
  );
}

function contentOf(world: RemoverWorld, namespace: string): readonly Content[] {
  return allObjects(world, namespace).filter(({ resource }) => resource.scope === "namespaced");
}

function dependentsOf(world: RemoverWorld, owner: JsonObject): readonly Content[] {
  return allObjects(world, namespaceOf(owner)).filter(({ object }) => isOwnedBy(object, owner));
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
function settleDependents(world: RemoverWorld): boolean {
  const { store } = world;
  const waiting = allObjects(world, "").filter(({ object }) => isTerminating(object));
  const ready = waiting.find(
    ({ object }) =>
      isHeldBy(object, orphan) ||
      (isHeldBy(object, foreground) && dependentsOf(world, object).length === 0),
  );
  if (!ready) return false;
  const finalizers = listAt(ready.object, "metadata", "finalizers");
  if (isHeldBy(ready.object, orphan)) {
    for (const { resource, object } of dependentsOf(world, ready.object)) {
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

/** A definition goes when the last of its objects has gone. */
function settleDefinitions({ store }: RemoverWorld): boolean {
  const emptied = store.list(definitions, "").find((definition) => {
    const [resource] = customResources(definition);
    return (
      isHeldBy(definition, cleanupFinalizer) && (!resource || store.list(resource, "").length === 0)
    );
  });
  if (!emptied) return false;
  const finalizers = listAt(emptied, "metadata", "finalizers").filter(
    (it) => it !== cleanupFinalizer,
  );
  store.put(definitions, withValue(emptied, ["metadata", "finalizers"], finalizers));
  return true;
}

/**
 * Tells what is left; of an emptied one it takes the finalizer `kubernetes`, and it goes with the
 * last finalizer of somebody else.
 */
function settleNamespaces(world: RemoverWorld): boolean {
  const { store, clock } = world;
  return store
    .list(namespaces, "")
    .filter(isTerminating)
    .some((namespace) => {
      const content = contentOf(world, nameOf(namespace));
      const told = terminatingNamespace(namespace, content, clock.now());
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
