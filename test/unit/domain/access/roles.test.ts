import { expect, it } from "vitest";
import { describeRight, distinctRights, type Right } from "../../../../src/domain/access/right.ts";
import { rolesFor } from "../../../../src/domain/access/roles.ts";

const group = { name: "promoter-writers", users: "promoter:writers" };
const rulesOf = (rights: readonly Right[]): unknown => rolesFor(group, rights)[0]?.["rules"];
const shop = { namespace: "shop" };
const of = (resource: string, apiGroup: string, ...verbs: readonly string[]): readonly Right[] =>
  verbs.map((verb) => ({ verb, group: apiGroup, resource, ...shop }));
const secret = (verb: string, name?: string): Right => ({
  verb,
  group: "",
  resource: "secrets",
  ...shop,
  ...(name !== undefined && { name }),
});

it("gives a Role with its binding in each namespace and a ClusterRole for the rest", () => {
  const roles = rolesFor(group, [
    { verb: "get", group: "", resource: "services", ...shop },
    { verb: "get", group: "", resource: "services", namespace: "bar" },
    { verb: "get", group: "", resource: "namespaces", name: "shop" },
  ]);
  expect(roles.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? "-"}`)).toEqual([
    "ClusterRole -",
    "ClusterRoleBinding -",
    "Role bar",
    "RoleBinding bar",
    "Role shop",
    "RoleBinding shop",
  ]);
  expect(roles.at(-1)).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "promoter-writers", namespace: "shop" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "promoter:writers" }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "promoter-writers" },
  });
});

it("puts resources of one API group with the same verbs into one rule", () => {
  expect(
    rulesOf([
      ...of("services", "", "patch", "get"),
      ...of("configmaps", "", "get", "patch"),
      ...of("pods", "", "list"),
      ...of("deployments", "apps", "get", "patch"),
    ]),
  ).toEqual([
    { apiGroups: [""], resources: ["configmaps", "services"], verbs: ["get", "patch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] },
  ]);
});

it("never gives a verb on one object to another one, nor on all of them", () => {
  expect(
    rulesOf([
      secret("get", "a"),
      secret("get", "b"),
      secret("patch", "b"),
      secret("get", "c"),
      secret("list"),
    ]),
  ).toEqual([
    { apiGroups: [""], resources: ["secrets"], resourceNames: ["a", "c"], verbs: ["get"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: ["b"], verbs: ["get", "patch"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
  ]);
});

it("describes a right in the words of kubectl", () => {
  const rights: readonly Right[] = [
    { verb: "patch", group: "apps", resource: "deployments", ...shop },
    { verb: "get", group: "", resource: "namespaces", name: "shop" },
    { verb: "get", group: "", resource: "namespaces", name: "shop" },
  ];
  expect(distinctRights(rights).map(describeRight)).toEqual([
    "patch deployments.apps in namespace shop",
    'get namespaces "shop"',
  ]);
});
