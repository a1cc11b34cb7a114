import { describe, expect, it } from "vitest";
import {
  clusterGroups,
  rightsOf,
  type ClusterGroup,
} from "../../../../src/adapters/kubernetes/cluster-rights.ts";
import { describeRight } from "../../../../src/domain/access/right.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { resourceAmong } from "../../../../src/domain/pod-spec/resource-names.ts";
import { tasks } from "../../../../src/promotion/tasks.ts";

const rbac = "rbac.authorization.k8s.io/v1";

function anObject(apiVersion: string, kind: string, more: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "one", namespace: "shop" }, ...more };
}

/** On these objects, but for the namespace that is read for each. */
function needed(group: ClusterGroup, ...objects: readonly KubernetesObject[]): readonly string[] {
  const placed = objects.map((object) => ({
    object,
    resource: resourceAmong(object, objects) ?? { plural: "?", namespaced: true },
  }));
  return rightsOf(group, placed)
    .map(describeRight)
    .filter((text) => text !== 'get namespaces "shop"');
}

it("every function that connects to clusters belongs to a group, and no other", () => {
  const connecting = Object.values(tasks).flatMap(({ name, needs }) =>
    needs.includes("clusters.connect") ? [name] : [],
  );
  expect(new Set(Object.values(clusterGroups).flat())).toEqual(new Set(connecting));
});

describe("writers", () => {
  it("read, apply and remove the kinds of the objects in their namespaces", () => {
    expect(needed("writers", anObject("v1", "Service"))).toEqual([
      "get services in namespace shop",
      "patch services in namespace shop",
      "create services in namespace shop",
      "delete services in namespace shop",
    ]);
  });

  it("read the namespaces, and write one that is among the objects without removing it", () => {
    const namespace = { ...anObject("v1", "Namespace"), metadata: { name: "shop" } };
    expect(
      rightsOf("writers", [
        { object: namespace, resource: { plural: "namespaces", namespaced: false } },
      ]).map(describeRight),
    ).toEqual(['get namespaces "shop"', 'patch namespaces "shop"', 'create namespaces "shop"']);
  });

  it("touch only the Secrets and cluster-wide objects that are named", () => {
    const wide = { ...anObject("storage.k8s.io/v1", "StorageClass"), metadata: { name: "fast" } };
    const rights = needed("writers", anObject("v1", "Secret"), wide);
    expect(rights).toContain('delete storageclasses.storage.k8s.io "fast"');
    expect(rights).toContain('create secrets "one" in namespace shop');
    expect(rights.filter((text) => !text.includes('"'))).toEqual([]);
  });

  it("escalate the roles among the objects, and bind the roles that the bindings name", () => {
    const role = anObject(rbac, "Role");
    const binding = anObject(rbac, "RoleBinding", {
      roleRef: { kind: "ClusterRole", name: "view" },
    });
    const own = anObject(rbac, "RoleBinding", { roleRef: { kind: "Role", name: "one" } });
    const wide = {
      ...anObject(rbac, "ClusterRoleBinding", { roleRef: { kind: "ClusterRole", name: "edit" } }),
      metadata: { name: "everywhere" },
    };
    expect(
      needed("writers", role, binding, own, wide).filter((text) =>
        /^(?:escalate|bind) /.test(text),
      ),
    ).toEqual([
      'escalate roles.rbac.authorization.k8s.io "one" in namespace shop',
      'bind clusterroles.rbac.authorization.k8s.io "view" in namespace shop',
      'bind roles.rbac.authorization.k8s.io "one" in namespace shop',
      'bind clusterroles.rbac.authorization.k8s.io "edit"',
    ]);
  });
});

describe("readers", () => {
  it("read what is waited for, with its pods, their logs and events, and nothing else", () => {
    expect(
      needed(
        "readers",
        anObject("apps/v1", "Deployment"),
        anObject("v1", "Service"),
        anObject("v1", "Secret"),
      ),
    ).toEqual([
      "get deployments.apps in namespace shop",
      "get services in namespace shop",
      "list events in namespace shop",
      "list pods in namespace shop",
      "get pods/log in namespace shop",
    ]);
  });

  it("need nothing where nothing rolls out", () => {
    expect(needed("readers", anObject("v1", "ConfigMap"))).toEqual([]);
  });
});
