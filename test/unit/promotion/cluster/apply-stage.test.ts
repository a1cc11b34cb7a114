import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { checkRollback } from "../../../../src/promotion/steps/check-rollback.ts";
import { checkRollout } from "../../../../src/promotion/steps/check-rollout.ts";
import { deployPodSpec } from "../../../../src/promotion/steps/deploy-pod-spec.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import { aWorld, shopObjects, type ShopWorld } from "../../../builders/a-world.ts";
import { goOn, goThrough, writing } from "../../../builders/go-through.ts";

const ours = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const migration: KubernetesObject = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "migrate", namespace: "shop", annotations: { "promoter/phase": "before" } },
  spec: {
    template: { spec: { containers: [{ name: "migrate", image: `${ours}/shop-api:any` }] } },
  },
};
const settings: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "shop" },
  data: { colour: "red" },
};

describe("objects that wait for others", () => {
  let world: ShopWorld;
  let earlier = 0;
  const deploy = (id: string) => deployPodSpec.run(writing(world, id), world);
  const look = (id: string) => checkRollout.run({ promotion: id }, world);
  const applied = () =>
    world.cluster.writes
      .slice(earlier)
      .filter((one) => /^(apply|remove) /.test(one))
      .map((one) => one.replace("shop/", ""));
  const release = async (id: string, version: string) => {
    world.push(version);
    await goThrough(world, { id, version, to: "tagged" });
    earlier = world.cluster.writes.length;
  };

  beforeEach(async () => {
    world = aWorld({ objects: [...shopObjects, migration, settings] });
    await release("p-1", "1.0.0");
  });

  async function finish(id: string): Promise<void> {
    for (let outcome = ""; outcome !== "complete";) {
      await deploy(id);
      ({ outcome } = await look(id));
    }
    await goOn(world, id, { from: "rolled-out", to: "closed" });
  }

  it("are applied when a migration, with what it needs, has completed", async () => {
    world.cluster.rollout(({ kind }) => (kind === "Job" ? "progressing" : "complete"));
    await deploy("p-1");
    expect(applied()).toEqual(["apply ConfigMap settings", "apply Job migrate"]);
    expect(await look("p-1")).toMatchObject({
      outcome: "progressing",
      reasons: ["Job shop/migrate: it has not completed: 0 pods run"],
    });
    world.cluster.rollout("complete");
    expect(await look("p-1")).toMatchObject({ outcome: "next" });
    await deploy("p-1");
    expect(applied().slice(2)).toEqual(["apply Deployment shop-api", "apply Deployment shop-ui"]);
    expect(await look("p-1")).toMatchObject({ outcome: "complete" });
  });

  it("are not applied by a repeated DeployPodSpec before that", async () => {
    world.cluster.rollout(({ kind }) => (kind === "Job" ? "progressing" : "complete"));
    await deploy("p-1");
    await deploy("p-1");
    expect(applied().some((one) => one.includes("Deployment"))).toBe(false);
  });

  it("have all stages together as long as the rollout may take", async () => {
    world.cluster.rollout("complete");
    await deploy("p-1");
    world.pass(400_000);
    await look("p-1");
    world.cluster.rollout("progressing");
    await deploy("p-1");
    world.pass(199_000);
    expect(await look("p-1")).toMatchObject({ outcome: "progressing" });
    world.pass(1_000);
    expect(await look("p-1")).toMatchObject({
      outcome: "stalled",
      reasons: expect.arrayContaining([
        expect.stringMatching(/not complete 10m after the first object was applied/),
      ]),
    });
  });

  it("go back when the migration fails, which is left as it is", async () => {
    world.cluster.rollout(({ kind }) => (kind === "Job" ? "stalled" : "complete"));
    await deploy("p-1");
    expect(await look("p-1")).toMatchObject({
      outcome: "stalled",
      reasons: ["Job shop/migrate: it failed: by the script"],
    });
    await rollBack.run(writing(world, "p-1"), world);
    expect(applied().slice(2)).toEqual([
      "remove Deployment shop-api",
      "remove Deployment shop-ui",
      "remove ConfigMap settings",
    ]);
    expect(await checkRollback.run({ promotion: "p-1" }, world)).toMatchObject({
      reasons: expect.arrayContaining([
        "nothing ran before, so nothing runs now: what it created was removed; Job shop/migrate left as it is",
      ]),
    });
  });

  it("replace a Job that runs another image now, and say so in the plan", async () => {
    await finish("p-1");
    await release("p-2", "1.1.0");
    const { plan = "" } = await world.promotion("p-2");
    expect((await world.promotions.readPlan("p-2", plan))?.differences).toContainEqual(
      expect.objectContaining({
        object: "Job shop/migrate",
        kind: "change",
        note: "it is deleted and created again, because what it runs has changed, and a rollback leaves it as it is then",
      }),
    );
    expect(await deploy("p-2")).toMatchObject({
      reasons: ["Job shop/migrate removed, to be created again: what it runs has changed"],
    });
    expect(applied()).toEqual(["remove Job migrate"]);
    expect(await look("p-2")).toMatchObject({ outcome: "next" });
    await deploy("p-2");
    expect(applied().slice(1)).toEqual(["apply ConfigMap settings", "apply Job migrate"]);
  });

  it("leave a Job alone that has done this before", async () => {
    await deploy("p-1");
    await deploy("p-1");
    expect(applied()).toEqual([
      "apply ConfigMap settings",
      "apply Job migrate",
      "apply ConfigMap settings",
      "apply Job migrate",
    ]);
  });

  it("run a Job again that failed", async () => {
    world.cluster.rollout(({ kind }) => (kind === "Job" ? "stalled" : "complete"));
    await deploy("p-1");
    earlier = world.cluster.writes.length;
    await deploy("p-1");
    expect(applied()).toEqual(["remove Job migrate"]);
  });
});
