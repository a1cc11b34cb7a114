import { abbreviateList } from "../../domain/abbreviate-list.ts";
import { canonicalJson } from "../../domain/hash.ts";
import { withoutKeys } from "../../domain/json.ts";
import { kindKey, kindOf } from "../../domain/pod-spec/kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Draft, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

interface PlacedObjects {
  readonly environment: DraftEnvironment;
  readonly objects: readonly KubernetesObject[];
}

interface OwnedObject {
  readonly key: string;
  readonly object: KubernetesObject;
}

const maxNamed = 3;

/**
 * Two environments with one object would overwrite each other. Two names of one cluster are one
 * cluster, whatever version is written there. What a rollback leaves in place may be shared as long
 * as both write the same.
 */
export function objectsAreApart(
  placed: readonly PlacedObjects[],
  { clusters }: Draft,
): readonly Finding[] {
  const owners = new Map<string, OwnedObject>();
  return placed.flatMap(({ environment, objects }) => {
    const { application, name, path, cluster } = environment;
    if (cluster === undefined) return [];
    const key = `${application}/${name}`;
    const address = clusters.get(cluster);
    const where = address ? withoutKeys(address, ["version"]) : cluster;
    const clashes = objects.flatMap((object) => {
      const place = canonicalJson([where, identityOf(object)]);
      const owner = owners.get(place);
      owners.set(place, owner ?? { key, object });
      return owner === undefined || maybeShared(owner.object, object)
        ? []
        : [{ owner: owner.key, object }];
    });
    const [first] = clashes;
    if (first === undefined) return [];
    const names = clashes
      .filter(({ owner }) => owner === first.owner)
      .map(({ object }) => describeRef(refOf(object)));
    const verb = names.length === 1 ? "belongs" : "belong";
    return [
      {
        path: [...path, "podSpec", "namespace"],
        message: `${abbreviateList(names, maxNamed)} of cluster ${cluster} already ${verb} to ${first.owner}`,
        remedy: "give one of the two another namespace, or its objects other names",
      },
    ];
  });
}

/** An object is the same in every version of its group. */
function identityOf(object: KubernetesObject): readonly (string | undefined)[] {
  const { name, namespace } = object.metadata;
  return [kindKey(kindOf(object)), namespace, name];
}

function maybeShared(one: KubernetesObject, other: KubernetesObject): boolean {
  return kindOf(one).outlivesRollback === true && canonicalJson(one) === canonicalJson(other);
}
