import type { KubernetesObject } from "../pod-spec/object.ts";
import type { Right } from "./right.ts";

const rbac = "rbac.authorization.k8s.io";
const apiVersion = `${rbac}/v1`;

/**
 * Roles and bindings that give the rights to a group of users, and no others: a Role in each
 * namespace, a ClusterRole for the rest.
 */
export function rolesFor(
  group: { readonly name: string; readonly users: string },
  rights: readonly Right[],
): readonly KubernetesObject[] {
  const places = Map.groupBy(rights, ({ namespace }) => namespace);
  const inOrder = [...places].toSorted(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  return inOrder.flatMap(([namespace, found]) => {
    const kind = `${namespace === undefined ? "Cluster" : ""}Role`;
    const metadata = { name: group.name, ...(namespace !== undefined && { namespace }) };
    return [
      { apiVersion, kind, metadata, rules: rulesOf(found) },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata,
        subjects: [{ apiGroup: rbac, kind: "Group", name: group.users }],
        roleRef: { apiGroup: rbac, kind, name: group.name },
      },
    ];
  });
}

interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Rights on the same object make one rule, and so do objects and resources with the same verbs. */
function rulesOf(rights: readonly Right[]): readonly RoleRule[] {
  const objects = mergeBy(rights, ({ group, resource, name }) => [group, resource, name]).map(
    (same) => ({ ...same[0], verbs: sorted(same, ({ verb }) => verb) }),
  );
  const resources = mergeBy(objects, ({ group, resource, verbs, name }) => [
    group,
    resource,
    verbs,
    name === undefined,
  ]).map((same) => ({ ...same[0], names: sorted(same, ({ name }) => name ?? []) }));
  return mergeBy(resources, ({ group, verbs, names }) => [group, verbs, names])
    .map((same) => ({
      apiGroups: [same[0].group],
      resources: sorted(same, ({ resource }) => resource),
      ...(same[0].names.length > 0 && { resourceNames: same[0].names }),
      verbs: same[0].verbs,
    }))
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

type NotEmpty<Item> = readonly [Item, ...Item[]];

function mergeBy<Item>(
  items: readonly Item[],
  key: (item: Item) => unknown,
): readonly NotEmpty<Item>[] {
  const groups = Map.groupBy(items, (item) => JSON.stringify(key(item)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}

function sorted<Item>(
  items: readonly Item[],
  text: (item: Item) => string | readonly string[],
): readonly string[] {
  return [...new Set(items.flatMap(text))].toSorted();
}
