import { functionName } from "../../scripts/stack/service.ts";
import {
  clusterGroups,
  groupNames,
  rightsOf,
  type ClusterGroup,
  type PlacedObject,
} from "../../src/adapters/kubernetes/cluster-rights.ts";
import type { Project } from "../../src/config/load-configuration.ts";
import type { Right } from "../../src/domain/access/right.ts";
import { rolesFor } from "../../src/domain/access/roles.ts";
import type { Typed } from "../../src/domain/pod-spec/kinds.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import {
  pluralOf,
  resourceAmong,
  type KindResource,
} from "../../src/domain/pod-spec/resource-names.ts";
import { atHome } from "../../src/domain/pod-spec/scopes.ts";

/** What the functions of a stack need in one cluster for the objects of promoter.yml. */
export interface NeededAccess {
  readonly cluster: string;
  readonly functions: readonly FunctionAccess[];
  readonly groups: readonly GroupAccess[];
  /** What the objects do not say, and what to look at. */
  readonly notes: readonly string[];
}

interface FunctionAccess {
  /** As Lambda has it. */
  readonly name: string;
  /** Groups of Kubernetes users that its role belongs to. */
  readonly groups: readonly string[];
}

interface GroupAccess {
  readonly users: string;
  readonly rights: readonly Right[];
  /** Roles and bindings that give the rights. */
  readonly roles: readonly KubernetesObject[];
}

export interface AccessQuestion {
  /** Its name in promoter.yml. */
  readonly cluster: string;
  readonly stage: string;
  /** What the server's discovery says of a kind; undefined: it cannot be asked, or has no such kind. */
  readonly discover: (kind: Typed) => Promise<KindResource | undefined>;
}

export async function neededAccess(
  project: Project,
  { cluster, stage, discover }: AccessQuestion,
): Promise<NeededAccess> {
  const { objects, notes } = await placedObjects(environmentsOf(project, cluster), discover);
  const groups = groupNames.map((group) => groupAccess(group, objects));
  return {
    cluster,
    functions: connectingFunctions(stage),
    groups,
    notes: [...notes, ...groups.flatMap(describeGranting)],
  };
}

function groupAccess(group: ClusterGroup, objects: readonly PlacedObject[]): GroupAccess {
  const users = usersOf(group);
  const rights = rightsOf(group, objects);
  return { users, rights, roles: rolesFor({ name: `promoter-${group}`, users }, rights) };
}

function describeGranting({ users, rights }: GroupAccess): readonly string[] {
  const verbs = ["escalate", "bind"].filter((verb) => rights.some((right) => right.verb === verb));
  return verbs.length === 0
    ? []
    : [
        `${verbs.join(" and ")} let ${users} write roles that give more than it has itself; ` +
          "leave them out if you give it all that those roles give",
      ];
}

/** A group of Kubernetes users. */
function usersOf(group: ClusterGroup): string {
  return `promoter:${group}`;
}

/** Every function that connects to clusters, with the groups of its task. */
function connectingFunctions(stage: string): readonly FunctionAccess[] {
  const names = new Set(groupNames.flatMap((group) => clusterGroups[group]));
  return [...names].map((task) => ({
    name: functionName(
      { name: "promoter", stage },
      `${task.charAt(0).toLowerCase()}${task.slice(1)}`,
    ),
    groups: groupNames.filter((group) => isMember(task, group)).map(usersOf),
  }));
}

function isMember(task: string, group: ClusterGroup): boolean {
  return clusterGroups[group].some((member) => member === task);
}

interface DeployedEnvironment {
  readonly key: string;
  readonly namespace: string;
  readonly objects: readonly KubernetesObject[];
}

function environmentsOf(
  { configuration, podSpecs }: Project,
  cluster: string,
): readonly DeployedEnvironment[] {
  return Object.values(configuration.applications).flatMap(({ name, environments }) =>
    Object.values(environments).flatMap(({ name: environment, podSpec }) => {
      const key = `${name}/${environment}`;
      return podSpec?.cluster === cluster
        ? [{ key, namespace: podSpec.namespace, objects: podSpecs[key] ?? [] }]
        : [];
    }),
  );
}

/** The definition of a kind may be among the objects of another environment. */
async function placedObjects(
  environments: readonly DeployedEnvironment[],
  discover: AccessQuestion["discover"],
): Promise<{ readonly objects: readonly PlacedObject[]; readonly notes: readonly string[] }> {
  const all = environments.flatMap(({ objects }) => objects);
  const guessed = new Set<string>();
  const placed = environments.flatMap(({ objects, namespace }) =>
    objects.map(async (object) => {
      const resource = resourceAmong(object, all) ?? (await discover(object)) ?? guess(object);
      if ("isGuess" in resource) guessed.add(describeGuess(object, resource));
      const scope = resource.namespaced ? "namespace" : "cluster";
      return { object: atHome(object, { scope, namespace }), resource };
    }),
  );
  const objects = await Promise.all(placed);
  const unknown = environments.flatMap(({ key, objects: found }) =>
    found.length === 0
      ? [`the objects of ${key} are not known here, so nothing is listed for them`]
      : [],
  );
  return { objects, notes: [...guessed, ...unknown] };
}

interface Guess extends KindResource {
  readonly isGuess: true;
}

function guess({ kind }: Typed): Guess {
  return { plural: pluralOf(kind), namespaced: true, isGuess: true };
}

function describeGuess({ apiVersion, kind }: Typed, { plural }: KindResource): string {
  return (
    `${kind} in ${apiVersion}: "${plural}", in a namespace, is a guess, because neither its definition is ` +
    `among the objects nor does the cluster tell; compare with \`kubectl api-resources\``
  );
}
