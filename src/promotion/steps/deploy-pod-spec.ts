import type { Plan } from "../../domain/plan.ts";
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
import { environmentOf } from "../record/find-environment.ts";
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

/** Applies the stored objects. Before the first change it takes a snapshot, once per promotion. */
export const deployPodSpec = writingStep({
  name: "DeployPodSpec",
  needs,
  async run(promotion, ports, input) {
    if (promotion.abort) return leaveOut(promotion.abort);
    const found = environmentOf(await ports.configurations.read(), promotion);
    const { force, rollout } = found.environment.podSpec;
    const podSpec = { force, rollout };
    const reasons = await writeUnderClaim(
      { ...input, promotion, phase: "writing", after: ["tagged", "deploying"] },
      ports,
      async (checkTime) => {
        const plan = await readLockedPlan(promotion, ports);
        await takeSnapshot(plan, { promotion, podSpec }, ports);
        await ports.promotions.update(promotion.id, { progress: "deploying" });
        return applyObjects(
          { promotion, objects: plan.objects, cluster: plan.cluster, podSpec, checkTime },
          ports,
        );
      },
    );
    return go("deployed", { reasons });
  },
});

async function takeSnapshot(
  plan: Plan,
  {
    promotion,
    podSpec,
  }: { readonly promotion: ResolvedPromotion; readonly podSpec: NonNullable<Snapshot["podSpec"]> },
  { promotions, clusters, clock }: PortsFor<typeof needs>,
): Promise<void> {
  if (await promotions.readSnapshot(promotion.id)) return;
  const cluster = await clusters.connect(plan.cluster);
  const objects = await Promise.all(
    plan.objects.map((object) => snapshotOf(object, { cluster, force: podSpec.force })),
  );
  await promotions.storeSnapshot(promotion.id, {
    takenAt: clock.now(),
    cluster: plan.cluster,
    podSpec,
    objects,
  });
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
