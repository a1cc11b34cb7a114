import type { PodSpecSource } from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import { valueAt } from "../../domain/json.ts";
import type { Difference, Plan, PlannedTakeover } from "../../domain/plan.ts";
import type { Takeover } from "../../domain/pod-spec/adoption.ts";
import { difference, withStates, type ObjectStates } from "../../domain/pod-spec/differences.ts";
import { isDefinition, isNamespace, kindOf, namespaceRef } from "../../domain/pod-spec/kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { defines } from "../../domain/pod-spec/scopes.ts";
import type { Cluster, Clusters } from "../../ports/cluster.ts";
import type { Schemas } from "../../ports/schemas.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
import { catchRefusal } from "./catch-refusal.ts";
import { judgeObjects } from "./judge-objects.ts";
import { lookAt, predict, type Target } from "./predict-object.ts";
import { replacementOf, withRollbackNote } from "./replace-object.ts";

interface Dry {
  readonly differences: readonly Difference[];
  /** What others have written and the promotion replaces or removes. */
  readonly takeovers: readonly PlannedTakeover[];
}

export type DryRunResult =
  | Dry
  /** One per object that cannot be applied, in the server's words. */
  | { readonly refusals: readonly string[] };

/**
 * What every object would change; without a pod spec nothing. Refusals of the server, and what it
 * would refuse by its schemas, refuse the promotion; an unreachable server throws.
 */
export async function dryRunObjects(
  plan: Plan,
  podSpec: PodSpecSource | undefined,
  ports: { readonly clusters: Clusters; readonly schemas: Schemas },
): Promise<DryRunResult> {
  if (!podSpec) return { differences: [], takeovers: [] };
  const target = await catchRefusal(async () => {
    const cluster = await ports.clusters.connect(podSpec.cluster);
    const toBeCreated = await missingNamespaces(plan.objects, podSpec.cluster, cluster);
    const { schemas } = ports;
    const invalid = await judgeObjects(plan.objects, { cluster, schemas });
    return { cluster, toBeCreated, force: podSpec.force, objects: plan.objects, invalid };
  });
  if ("refusal" in target) return { refusals: [target.refusal] };
  if (target.value.invalid.length > 0) return { refusals: target.value.invalid };
  const results = await mapConcurrently(plan.objects, (object) =>
    catchRefusal(() => dryRun(object, target.value)),
  );
  const refusals = results.flatMap((one) => ("refusal" in one ? [one.refusal] : []));
  return refusals.length > 0
    ? { refusals }
    : together(results.flatMap((one) => ("value" in one ? [one.value] : [])));
}

interface ObjectChange {
  readonly difference: Difference;
  readonly takeovers: readonly Takeover[];
}

function together(changes: readonly ObjectChange[]): Dry {
  return {
    differences: changes.map((one) => one.difference),
    takeovers: changes.flatMap(({ difference: { object }, takeovers }) =>
      takeovers.map((one) => ({ object, ...one })),
    ),
  };
}

/**
 * A namespace that is one of the objects does not exist at the first promotion: the server cannot
 * dry-run what goes into it.
 */
async function missingNamespaces(
  objects: Plan["objects"],
  name: string,
  cluster: Cluster,
): Promise<ReadonlySet<string>> {
  const needed = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  const states = await mapConcurrently([...needed], async (namespace) => ({
    namespace,
    exists: (await cluster.read(namespaceRef(namespace))) !== undefined,
  }));
  const missing = states.flatMap(({ namespace, exists }) => (exists ? [] : [namespace]));
  const written = new Set(objects.filter(isNamespace).map(({ metadata }) => metadata.name));
  const unknown = missing.filter((namespace) => !written.has(namespace));
  if (unknown.length === 0) return new Set(missing);
  const [which, remedy] =
    unknown.length === 1
      ? [`namespace ${unknown.join()} does not exist`, "create it, or add a Namespace"]
      : [`namespaces ${unknown.join(", ")} do not exist`, "create them, or add Namespaces"];
  const why = `${which} in cluster ${name} and ${unknown.length === 1 ? "is" : "are"} not among the objects`;
  throw new PromoterError("ClusterRefused", `${why}: ${remedy} to the files`);
}

interface DryRunTarget extends Target {
  /** Namespaces that the promotion creates. */
  readonly toBeCreated: ReadonlySet<string>;
}

async function dryRun(object: KubernetesObject, target: DryRunTarget): Promise<ObjectChange> {
  const { toBeCreated } = target;
  const { namespace } = object.metadata;
  const isToBeCreated = namespace !== undefined && toBeCreated.has(namespace);
  if (isToBeCreated || !(await isServed(object, target))) {
    return changeBy({ intended: object, wouldBe: undefined, live: undefined });
  }
  const replaced = await replacementOf(object, target);
  if (replaced) return { difference: replaced, takeovers: [] };
  const look = await lookAt(object, target);
  if (look) return changeBy({ ...(await predict(look, target)), intended: object });
  const wouldBe = await target.cluster.apply(object, { dryRun: true, force: false });
  return changeBy({ intended: object, wouldBe, live: undefined });
}

function changeBy(states: ObjectStates): ObjectChange {
  refusePaused(states);
  const found = withStates(difference(states), states);
  return {
    difference: withRollbackNote(states.intended, found),
    takeovers: states.takeovers ?? [],
  };
}

/** A Deployment that stays paused never rolls out: nothing new would run until the deadline. */
function refusePaused({ intended, wouldBe = intended, live }: ObjectStates): void {
  if (kindOf(wouldBe).readiness !== "deployment" || !valueAt(wouldBe, "spec", "paused")) return;
  const what = `${describeRef(refOf(wouldBe))} is paused, so it would not roll out`;
  const resume = live ? "continue it with `kubectl rollout resume`, and " : "";
  throw new PromoterError("ClusterRefused", `${what}; ${resume}remove spec.paused from the files`);
}

/** A kind that the promotion itself defines does not exist at the first one. */
async function isServed(
  object: KubernetesObject,
  { cluster, objects }: DryRunTarget,
): Promise<boolean> {
  return (
    !objects.some((one) => isDefinition(one) && defines(one, object)) ||
    (await cluster.isNamespaced(object)) !== undefined
  );
}
