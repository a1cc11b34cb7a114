import { tagsOnly, type Plan } from "../../domain/plan.ts";
import { refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { fieldsOwnedBy, projectOwned } from "../../domain/pod-spec/owned-fields.ts";
import { fieldManager, type Cluster } from "../../ports/cluster.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Snapshot, SnapshotObject } from "../../ports/promotions.ts";
import { applyObjects, applyObjectsNeeds } from "../cluster/apply-objects.ts";
import { readLockedPlan, readLockedPlanNeeds } from "../lock/read-locked-plan.ts";
import { writeUnderClaim } from "../lock/write-under-claim.ts";
import { leaveOut, writingStep } from "../lock/writing-step.ts";
import { changeLockNeeds } from "../record/change-lock.ts";
import { podSpecOf } from "../record/find-environment.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { go } from "../step/step.ts";

const needs = [
  ...changeLockNeeds,
  ...readLockedPlanNeeds,
  ...applyObjectsNeeds,
  "promotions.update",
  "promotions.readSnapshot",
  "promotions.storeSnapshot",
] as const satisfies readonly Need[];

/**
 * Applies the stored objects. Before the first change it takes a snapshot, once per promotion. A
 * plan without a cluster has nothing to apply, and nothing that could be unsettled.
 */
export const deployPodSpec = writingStep({
  name: "DeployPodSpec",
  needs,
  async run(promotion, ports, input) {
    if (promotion.abort) return leaveOut(promotion.abort);
    const reasons = await writeUnderClaim(
      { ...input, promotion, phase: "writing", after: ["tagged", "deploying"] },
      ports,
      async (checkTime) => {
        const { cluster, objects } = await readLockedPlan(promotion, ports);
        if (cluster === undefined) return applyNothing(promotion, ports);
        const { force, rollout, failFast } = podSpecOf(
          await ports.configurations.read(),
          promotion,
        );
        const deployment = { promotion, objects, cluster, podSpec: { force, rollout, failFast } };
        await takeSnapshot(deployment, ports);
        await ports.promotions.update(promotion.id, { progress: "deploying" });
        return applyObjects({ ...deployment, checkTime }, ports);
      },
    );
    return go("deployed", { reasons });
  },
});

/** For CheckRollout, which then knows that there is nothing to wait for. */
async function applyNothing(
  { id }: ResolvedPromotion,
  { promotions, clock }: PortsFor<typeof needs>,
): Promise<readonly string[]> {
  await promotions.storeApplied(id, { at: clock.now(), cluster: undefined, objects: [] });
  return [tagsOnly];
}

type Deployment = Pick<Snapshot, "cluster"> &
  Required<Pick<Snapshot, "podSpec">> &
  Pick<Plan, "objects"> & { readonly promotion: ResolvedPromotion };

async function takeSnapshot(
  { promotion, objects: planned, cluster, podSpec }: Deployment,
  { promotions, clusters, clock }: PortsFor<typeof needs>,
): Promise<void> {
  if (await promotions.readSnapshot(promotion.id)) return;
  const connected = await clusters.connect(cluster);
  const { force } = podSpec;
  const objects = await Promise.all(
    planned.map((object) => snapshotOf(object, { cluster: connected, force })),
  );
  await promotions.storeSnapshot(promotion.id, { takenAt: clock.now(), cluster, podSpec, objects });
}

/** The server itself determines which fields would be ours: the managed fields of a dry run. */
async function snapshotOf(
  object: KubernetesObject,
  { cluster, force }: { readonly cluster: Cluster; readonly force: boolean },
): Promise<SnapshotObject> {
  const live = await cluster.read(refOf(object));
  if (!live) return { kind: "absent", ref: refOf(object) };
  const wouldBe = await cluster.apply(object, { dryRun: true, force });
  return {
    kind: "existed",
    object: projectOwned(live, [
      fieldsOwnedBy(live, fieldManager),
      fieldsOwnedBy(wouldBe, fieldManager),
    ]),
  };
}
