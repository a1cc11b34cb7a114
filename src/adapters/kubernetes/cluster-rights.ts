import { distinctRights, type Right } from "../../domain/access/right.ts";
import { recordAt, textAt, valueAt } from "../../domain/json.ts";
import { groupOf, holdsPods, kindOf, namespaceRef } from "../../domain/pod-spec/kinds.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import { pluralOf, type KindResource } from "../../domain/pod-spec/resource-names.ts";
import { autoscaler } from "../../domain/pod-spec/scaled-replicas.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** An object of the environments of one cluster, in the namespace that it belongs into. */
export interface PlacedObject {
  readonly object: KubernetesObject;
  readonly resource: KindResource;
}

/** The tasks of a group share one group of Kubernetes. */
export const clusterGroups = {
  writers: ["PreparePodSpec", "DeployPodSpec", "RollBack", "RestoreEnvironment"],
  readers: ["CheckRollout", "CheckRollback", "RestoreEnvironment"],
} as const;

export type ClusterGroup = keyof typeof clusterGroups;
export const groupNames = Object.keys(clusterGroups) as readonly ClusterGroup[];

/** The rights that a method takes on the objects of a cluster. */
type Taking = (objects: readonly PlacedObject[]) => readonly Right[];

/**
 * Which groups call a method, and what it takes there. Every method of the port: a new one does not
 * compile until its rights are listed here. Discovery, which `isNamespaced` and `version` ask, is
 * open to whoever is authenticated (`system:discovery`).
 */
export const clusterCalls: Readonly<
  Record<keyof Cluster, Readonly<Partial<Record<ClusterGroup, readonly Taking[]>>>>
> = {
  read: { writers: [onObjects("get"), onTheirNamespaces("get")], readers: [onWaitedFor("get")] },
  isNamespaced: {},
  version: {},
  list: { writers: [onTheirAutoscalers("list")], readers: [onWorkloads("list", "events")] },
  readPods: { readers: [onWorkloads("list", "pods")] },
  readLog: { readers: [onWorkloads("get", "pods/log")] },
  apply: { writers: [onObjects("patch"), onObjects("create"), granting] },
  patch: { writers: [onObjects("patch")] },
  remove: { writers: [onRemovable("delete")] },
};

/** All that the functions of a group need for the objects. */
export function rightsOf(group: ClusterGroup, objects: readonly PlacedObject[]): readonly Right[] {
  const takings = Object.values(clusterCalls).flatMap((callers) => callers[group] ?? []);
  return distinctRights(takings.flatMap((taking) => taking(objects)));
}

function onObjects(verb: string): Taking {
  return (objects) => objects.map((one) => right(verb, one));
}

function onRemovable(verb: string): Taking {
  return (objects) =>
    objects.filter(({ object }) => !kindOf(object).outlivesRollback).map((one) => right(verb, one));
}

function onWaitedFor(verb: string): Taking {
  return (objects) => objects.filter(isWaitedFor).map((one) => right(verb, one));
}

/** On what a workload has beside it in its namespace. */
function onWorkloads(verb: string, resource: string): Taking {
  return (objects) =>
    objects
      .filter((one) => isWaitedFor(one) && holdsPods(one.object))
      .flatMap(({ object }) => object.metadata.namespace ?? [])
      .map((namespace) => ({ verb, group: "", resource, namespace }));
}

/** Whoever scales a workload keeps its replicas. */
function onTheirAutoscalers(verb: string): Taking {
  return (objects) =>
    objects
      .filter(
        ({ object }) => valueAt(object, "spec", "selector") !== undefined && holdsPods(object),
      )
      .flatMap(({ object }) => object.metadata.namespace ?? [])
      .map((namespace) => ({
        verb,
        group: groupOf(autoscaler.apiVersion),
        resource: pluralOf(autoscaler.kind),
        namespace,
      }));
}

function onTheirNamespaces(verb: string): Taking {
  return (objects) =>
    objects
      .flatMap(({ object }) => object.metadata.namespace ?? [])
      .map((namespace) => right(verb, namespaceToRead(namespace)));
}

function namespaceToRead(name: string): PlacedObject {
  const { apiVersion, kind } = namespaceRef(name);
  const object = { apiVersion, kind, metadata: { name } };
  return { object, resource: { plural: "namespaces", namespaced: false } };
}

function isWaitedFor({ object }: PlacedObject): boolean {
  return kindOf(object).readiness !== undefined;
}

/**
 * By name where a right would otherwise reach what others keep: in the whole cluster, and among the
 * Secrets of a namespace. Server-side apply asks for `create` with the name too (apiserver
 * pkg/endpoints/handlers/patch.go).
 */
function right(verb: string, { object, resource: { plural, namespaced } }: PlacedObject): Right {
  const { name, namespace } = object.metadata;
  const isNamed = !namespaced || kindOf(object).holds === "secrets";
  return {
    verb,
    group: groupOf(object.apiVersion),
    resource: plural,
    ...(namespaced && namespace !== undefined && { namespace }),
    ...(isNamed && { name }),
  };
}

/**
 * What Kubernetes asks of whoever grants rights that they do not have themselves: `escalate` on the
 * role, `bind` on the role that a binding names, in the namespace of the binding (kubernetes
 * pkg/registry/rbac/escalation_check.go).
 */
function granting(objects: readonly PlacedObject[]): readonly Right[] {
  return objects.flatMap((one) => {
    const { grants } = kindOf(one.object);
    if (grants === "escalate") {
      return [{ ...right("escalate", one), name: one.object.metadata.name }];
    }
    return grants === "bind" ? bindRight(one) : [];
  });
}

function bindRight({ object, resource: { namespaced } }: PlacedObject): readonly Right[] {
  const { namespace } = object.metadata;
  const roleRef = recordAt(object, "roleRef");
  const [kind, name] = [textAt(roleRef, "kind"), textAt(roleRef, "name")];
  if (kind === undefined || name === undefined) return [];
  return [
    {
      verb: "bind",
      group: groupOf(object.apiVersion),
      resource: pluralOf(kind),
      name,
      ...(namespaced && namespace !== undefined && { namespace }),
    },
  ];
}
