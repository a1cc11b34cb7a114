import { isDefinition, kindKey, kindOf } from "../../domain/pod-spec/kinds.ts";
import { objectProblems } from "../../domain/pod-spec/object-problems.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { definitionOf, definitionRefs } from "../../domain/pod-spec/schema/definitions.ts";
import { judgingBy, type Judging } from "../../domain/pod-spec/schema/judging.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Schemas } from "../../ports/schemas.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
import { unlessRefused } from "./catch-refusal.ts";

/**
 * What the API server would refuse by the schemas of its version, one for each such object. To
 * judge is a courtesy: who may not ask for what it takes gets the server's own answers later.
 */
export async function judgeObjects(
  objects: readonly KubernetesObject[],
  { cluster, schemas }: { readonly cluster: Cluster; readonly schemas: Schemas },
): Promise<readonly string[]> {
  const version = await unlessRefused(() => cluster.version());
  const known = judgingBy(await schemas.read(), version ?? "unknown");
  const own = objects.filter(isDefinition);
  const custom = objects.filter(
    (object) => kindOf(object).scope === "unknown" && !definitionOf(object, own),
  );
  const kinds = new Map(custom.map((object) => [kindKey(kindOf(object)), object]));
  const found = await mapConcurrently([...kinds.values()], (object) =>
    definitionOn(cluster, object),
  );
  const judging = { ...known, definitions: [...own, ...found.flatMap((one) => one ?? [])] };
  return objects.flatMap((object) => objectRefusal(object, judging) ?? []);
}

/** undefined: it has another name, or may not be read; its resources are left to the server then. */
async function definitionOn(
  cluster: Cluster,
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  for (const ref of definitionRefs(object)) {
    const found = await unlessRefused(() => cluster.read(ref));
    if (found && definitionOf(object, [found])) return found;
  }
  return undefined;
}

function objectRefusal(object: KubernetesObject, judging: Judging): string | undefined {
  const problems = objectProblems(object, judging);
  if (problems.length === 0) return undefined;
  const what = problems.map(({ message, remedy }) => `${message} (${remedy})`).join("; ");
  return `${describeRef(refOf(object))} is invalid: ${what}; fix it in the pod spec and deploy it`;
}
