/** A verb on a resource: what a rule of RBAC grants and a SubjectAccessReview asks about. */
export interface Right {
  readonly verb: string;
  /** API group; "" for the core one. */
  readonly group: string;
  /** In the plural, with the part of the object where it has one: `pods/log`. */
  readonly resource: string;
  /** Absent: in the whole cluster. */
  readonly namespace?: string;
  /** Absent: whatever the object is called. */
  readonly name?: string;
}

/** `patch deployments.apps in namespace shop`, `get namespaces "shop"`. */
export function describeRight({ verb, group, resource, namespace, name }: Right): string {
  const what = group === "" ? resource : `${resource}.${group}`;
  const which = name === undefined ? "" : ` "${name}"`;
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  return `${verb} ${what}${which}${where}`;
}

/** Each right once, in the order in which they came. */
export function distinctRights(rights: readonly Right[]): readonly Right[] {
  return [...new Map(rights.map((right) => [describeRight(right), right] as const)).values()];
}
