import { tagsOnly, type Plan } from "../../domain/plan.ts";
import type { Takeover } from "../../domain/pod-spec/adoption.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import { refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { projectOwned } from "../../domain/pod-spec/owned-fields.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Snapshot, SnapshotObject } from "../../ports/promotions.ts";
import { refuseUnseen } from "../cluster/apply-adopting.ts";
import { applyObjectsNeeds, takeoversOf } from "../cluster/apply-objects.ts";
import { applyStage } from "../cluster/apply-stage.ts";
import { lookAt, predict, type Target } from "../cluster/predict-object.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
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
 * Applies the stored objects, those of one stage at each visit. Before the first change it takes a
 * snapshot, once per promotion. A plan without a cluster has nothing to apply, and nothing that
 * could be unsettled.
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
        const { cluster, objects, takeovers = [] } = await readLockedPlan(promotion, ports);
        if (cluster === undefined) return applyNothing(promotion, ports);
        const { force, rollout, failFast } = podSpecOf(
          await ports.configurations.read(),
          promotion,
        );
        const podSpec = { force, rollout, failFast };
        const deployment = { promotion, objects, takeovers, cluster, podSpec };
        await takeSnapshot(deployment, ports);
        await ports.promotions.update(promotion.id, { progress: "deploying" });
        return applyStage({ ...deployment, checkTime }, ports);
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
  Required<Pick<Plan, "objects" | "takeovers">> & { readonly promotion: ResolvedPromotion };

async function takeSnapshot(
  { promotion, objects: planned, takeovers, cluster, podSpec }: Deployment,
  { promotions, clusters, clock }: PortsFor<typeof needs>,
): Promise<void> {
  if (await promotions.readSnapshot(promotion.id)) return;
  const target = {
    cluster: await clusters.connect(cluster),
    objects: planned,
    force: podSpec.force,
  };
  const objects = await mapConcurrently(planned, (object) =>
    snapshotOf(object, target, takeoversOf(object, takeovers)),
  );
  await promotions.storeSnapshot(promotion.id, { takenAt: clock.now(), cluster, podSpec, objects });
}

/**
 * The server itself determines which fields would be ours: the managed fields of a dry run. What is
 * adopted is kept as well; replicas that are left alone are not.
 */
async function snapshotOf(
  object: KubernetesObject,
  target: Target,
  approved: readonly Takeover[],
): Promise<SnapshotObject> {
  if (kindOf(object).runsOnce) return { kind: "left", ref: refOf(object) };
  const look = await lookAt(object, target);
  if (!look) return { kind: "absent", ref: refOf(object) };
  const prediction = await predict(look, target);
  refuseUnseen(prediction, approved);
  const {
    live,
    adoption: { ours, from },
    sets,
  } = prediction;
  return {
    kind: "existed",
    object: projectOwned(live, [ours, ...from.map(({ fields }) => fields), sets]),
  };
}
