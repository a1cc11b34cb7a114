import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Application, Configuration } from "../../../../src/domain/configuration.ts";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { checkRollback } from "../../../../src/promotion/steps/check-rollback.ts";
import { checkRollout } from "../../../../src/promotion/steps/check-rollout.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { deployPodSpec } from "../../../../src/promotion/steps/deploy-pod-spec.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import {
  aWorld,
  changedEnvironment,
  production,
  shopObjects,
  shopPodSpec,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, writing } from "../../../builders/go-through.ts";

const unreachable = new PromoterError("ClusterUnavailable", "the cluster does not answer");

describe("deploying and going back", () => {
  let world: ShopWorld;
  const deploy = (id: string, change: object = {}) =>
    deployPodSpec.run({ ...writing(world, id), ...change }, world);
  const back = (id: string, change: object = {}) =>
    rollBack.run({ ...writing(world, id), ...change }, world);
  const names = () =>
    world.cluster
      .objects()
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .toSorted();
  const images = () =>
    world.cluster
      .objects()
      .flatMap(
        (object) => JSON.stringify(object).match(/shop-(?:api|ui)@sha256:[0-9a-f]{64}/g) ?? [],
      );

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
  });

  describe("DeployPodSpec", () => {
    it("applies the stored objects with every image pinned by its digest", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
      expect(await deploy("p-1")).toMatchObject({ outcome: "deployed" });
      expect(names()).toEqual(["Deployment shop-api", "Deployment shop-ui", "Namespace shop"]);
      expect(images()).toHaveLength(2);
      expect((await world.promotions.readApplied("p-1"))?.objects).toHaveLength(2);
    });

    it("keeps the snapshot of the first try, taken before anything changed", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
      const cluster = {
        ...world.cluster,
        apply: async (...call: Parameters<ShopWorld["cluster"]["apply"]>) => {
          if (!call[1].dryRun && call[0].metadata.name === "shop-ui") throw unreachable;
          return world.cluster.apply(...call);
        },
      };
      await expect(
        deployPodSpec.run(writing(world, "p-1"), {
          ...world,
          clusters: { connect: async () => cluster },
        }),
      ).rejects.toThrow(unreachable.message);
      expect(names()).toContain("Deployment shop-api");
      await deploy("p-1");
      expect((await world.promotions.readSnapshot("p-1"))?.objects.map(({ kind }) => kind)).toEqual(
        ["absent", "absent"],
      );
    });

    it("changes nothing for a promotion that does not own the environment, was redriven, or has no time left", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
      await expect(deploy("p-1")).rejects.toMatchObject({ name: "NotOwner" });
      await expect(deploy("p-1", { redrives: 1 })).rejects.toMatchObject({
        name: "ExecutionRedriven",
      });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "tagged" });
      await expect(deploy("p-2", { deadline: world.clock.now() })).rejects.toMatchObject({
        name: "TimeRanOut",
      });
      expect(names()).toEqual(["Namespace shop"]);
    });

    it("keeps quiet about what it applied when its last answer comes after its time", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
      const cluster = {
        ...world.cluster,
        apply: async (...call: Parameters<ShopWorld["cluster"]["apply"]>) => {
          const applied = await world.cluster.apply(...call);
          if (!call[1].dryRun && call[0].metadata.name === "shop-ui") world.pass(120_000);
          return applied;
        },
      };
      await expect(
        deployPodSpec.run(writing(world, "p-1"), {
          ...world,
          clusters: { connect: async () => cluster },
        }),
      ).rejects.toMatchObject({ name: "TimeRanOut" });
      expect(await world.promotions.readApplied("p-1")).toBeUndefined();
    });

    it.each(["writing", "rolled-out"] as const)(
      "is refused out of its turn, when the promotion is %s",
      async (to) => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to });
        await expect(deploy("p-1")).rejects.toMatchObject({ name: "NotAllowed" });
      },
    );

    it("changes nothing for a promotion that was closed while the function was on its way", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
      const environments = {
        ...world.environments,
        writeLock: async (...call: Parameters<ShopWorld["environments"]["writeLock"]>) => {
          const written = await world.environments.writeLock(...call);
          await world.promotions.close("p-1", {
            ending: "Failed",
            reasons: ["aborted"],
            closedAt: 5,
          });
          return written;
        },
      };
      await expect(
        deployPodSpec.run(writing(world, "p-1"), { ...world, environments }),
      ).rejects.toMatchObject({ name: "PromotionClosed" });
      expect(names()).toEqual(["Namespace shop"]);
    });
  });

  describe("CheckRollout", () => {
    it.each([
      ["complete", "rolled-out"],
      ["progressing", "deploying"],
      ["stalled", "deploying"],
    ] as const)("says %s as the cluster does", async (script, progress) => {
      world.cluster.rollout(script);
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      expect(await checkRollout.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: script,
      });
      expect((await world.promotion("p-1")).progress).toBe(progress);
    });

    it("gives up when the time of the environment is over", async () => {
      world.cluster.rollout("progressing");
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      world.pass(600_000);
      expect(await checkRollout.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "stalled",
      });
    });

    it("decides by the objects alone where pods may not be read", async () => {
      world.cluster.rollout("progressing");
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      world.cluster.failNext("readPods", new PromoterError("ClusterRefused", "may not list pods"));
      expect(await checkRollout.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "progressing",
        reasons: expect.arrayContaining(["its pods could not be read: may not list pods"]),
      });
    });

    it("looks ever more rarely, from 2 to 15 seconds", async () => {
      world.cluster.rollout("progressing");
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      const waits: (number | undefined)[] = [];
      for (const passed of [0, 10_000, 60_000]) {
        world.pass(passed);
        waits.push((await checkRollout.run({ promotion: "p-1" }, world)).seconds);
      }
      expect(waits).toEqual([2, 5, 15]);
    });
  });

  it("looks again at the very end of the time, not after it", async () => {
    world.cluster.rollout("progressing");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    world.pass(596_500);
    expect(await checkRollout.run({ promotion: "p-1" }, world)).toMatchObject({
      outcome: "progressing",
      seconds: 4,
    });
  });

  it("reports of a stalled rollout what stalls, and of an open one what is open first", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    const look = async (script: "stalled" | "progressing"): Promise<readonly string[]> => {
      world.cluster.rollout(({ metadata }) => (metadata.name === "shop-ui" ? script : "complete"));
      return (await checkRollout.run({ promotion: "p-1" }, world)).reasons;
    };
    const open = await look("progressing");
    expect(open[0]).toContain("shop-ui");
    expect(open.at(-1)).toContain("Deployment shop/shop-api: all 1 pods");
    expect((await look("stalled")).join("; ")).not.toContain("shop-api");
  });

  describe("RollBack", () => {
    it("removes what did not exist before, but never the namespace", async () => {
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
      world = aWorld({ objects: [namespace, ...shopObjects] });
      await world.cluster.remove({
        apiVersion: "v1",
        kind: "Namespace",
        name: "shop",
        namespace: undefined,
      });
      world.push("1.0.0");
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      expect(await back("p-1")).toMatchObject({ outcome: "restored" });
      expect(names()).toEqual(["Namespace shop"]);
      expect((await checkRollback.run({ promotion: "p-1" }, world)).reasons.at(-1)).toBe(
        "nothing ran before, so nothing runs now: what it created was removed; its Namespace stays",
      );
    });

    it("applies what ran before, and holds the set", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
      const before = images();
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
      expect(images()).not.toEqual(before);
      await back("p-2");
      expect(images()).toEqual(before);
      const { set = "" } = await world.promotion("p-2");
      expect(await world.environments.readHold(production, set)).toMatchObject({
        version: "1.1.0",
        by: "p-2",
      });
      expect(await checkRollback.run({ promotion: "p-2" }, world)).toMatchObject({
        outcome: "close",
        reasons: ["RolledBack", "what ran before runs again"],
      });
      expect((await world.promotion("p-2")).progress).toBe("rolled-back");
    });

    it.each([
      ["failed", 10, () => Promise.reject(unreachable)],
      ["was killed", 130, () => new Promise<never>(() => {})],
    ])(
      "waits until a function that %s can write no more, and lets it begin nothing new",
      async (_, seconds, apply) => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
        await world.cluster.apply(shopObjects[0] as never, { dryRun: false, force: true });
        void deployPodSpec
          .run(writing(world, "p-1"), {
            ...world,
            clusters: { connect: async () => ({ ...world.cluster, apply }) },
          })
          .catch(() => undefined);
        await vi.waitFor(async () =>
          expect((await world.environments.readLock(production)).claims).toMatchObject([
            { phase: "writing", until: world.clock.now() + seconds * 1_000 },
          ]),
        );
        expect(await back("p-1")).toMatchObject({ outcome: "wait", seconds });
        await expect(deploy("p-1")).rejects.toMatchObject({ name: "NotOwner" });
        world.pass(seconds * 1_000);
        expect((await back("p-1")).outcome).not.toBe("wait");
      },
    );

    it("does not wait for itself: a try that failed is followed by the next one", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      world.cluster.failNext("remove", unreachable);
      await expect(back("p-1")).rejects.toThrow(unreachable.message);
      expect(await back("p-1")).toMatchObject({ outcome: "restored" });
    });

    it("puts things back where they were changed, whichever cluster promoter.yml names by then", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      const {
        configuration,
        applications: { shop },
      } = await movedTo(world, "shop-new");
      const elsewhere = {
        ...world,
        configurations: {
          ...world.configurations,
          read: async () => ({ ...configuration, applications: { shop } }),
        },
      };
      expect(await rollBack.run(writing(world, "p-1"), elsewhere)).toMatchObject({
        outcome: "restored",
      });
      expect(names()).toEqual(["Namespace shop"]);
      expect(await checkRollback.run({ promotion: "p-1" }, elsewhere)).toMatchObject({
        outcome: "close",
      });
    });

    it("fails without a hold when the cluster was never touched", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
      expect(await back("p-1")).toMatchObject({
        outcome: "close",
        reasons: ["Failed", expect.stringContaining("was not touched")],
      });
      expect(await world.environments.readHolds(production)).toEqual([]);
    });

    it("is refused to a promotion that never began to write", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "approved" });
      await expect(back("p-1")).rejects.toMatchObject({ name: "NotOwner" });
    });

    it("converges when it is carried out again", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      await back("p-1");
      expect(await back("p-1")).toMatchObject({ outcome: "restored" });
      expect(names()).toEqual(["Namespace shop"]);
    });

    it("is not looked for, and nothing concluded, before it began", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      await expect(checkRollback.run({ promotion: "p-1" }, world)).rejects.toMatchObject({
        name: "NotAllowed",
      });
      expect((await world.promotion("p-1")).conclusion).toBeUndefined();
    });

    it("reports what was wrong with the rollout first", async () => {
      world.cluster.rollout("stalled");
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "rolled-out" });
      await back("p-1");
      world.cluster.rollout("complete");
      const { reasons } = await checkRollback.run({ promotion: "p-1" }, world);
      expect(reasons.join("; ")).toMatch(
        /^RolledBack; shop-api-0: .*CrashLoopBackOff.*no database; Deployment shop\/shop-api: .*; nothing ran before, so nothing runs now: what it created was removed$/,
      );
    });

    describe("after a step that failed", () => {
      const failure = {
        state: "DeployPodSpec",
        error: "ClusterRefused",
        message: JSON.stringify({ errorMessage: "the quota is used up", trace: ["at x"] }),
      };

      it("reports that when what ran before runs again", async () => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
        await back("p-1", { failure });
        expect((await checkRollback.run({ promotion: "p-1" }, world)).reasons.slice(0, 2)).toEqual([
          "RolledBack",
          "DeployPodSpec: ClusterRefused: the quota is used up",
        ]);
      });

      it("reports that when the cluster was never touched", async () => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
        expect((await back("p-1", { failure })).reasons).toEqual([
          "Failed",
          "DeployPodSpec: ClusterRefused: the quota is used up",
          "the cluster was not touched",
        ]);
      });

      it("reports that before why the rollback itself failed, and the first cause before a later one", async () => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
        world.cluster.failNext("remove", unreachable);
        await expect(back("p-1", { failure })).rejects.toThrow(unreachable.message);
        world.cluster.failNext("remove", unreachable);
        await expect(back("p-1", { failure: { ...failure, error: "Later" } })).rejects.toThrow(
          unreachable.message,
        );
        await closePromotion.run(
          {
            promotion: "p-1",
            failure: { state: "RollBack", error: unreachable.name, message: unreachable.message },
          },
          world,
        );
        expect((await world.promotion("p-1")).reasons).toEqual([
          "DeployPodSpec: ClusterRefused: the quota is used up",
          "RollBack: ClusterUnavailable: the cluster does not answer",
        ]);
        expect((await world.environments.readLock(production)).unsettled?.by).toBe("p-1");
      });
    });

    it("fails when the rollback is stalled too", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
      await back("p-2");
      world.cluster.rollout("stalled");
      expect(await checkRollback.run({ promotion: "p-2" }, world)).toMatchObject({
        outcome: "close",
        reasons: expect.arrayContaining(["Failed", "the rollback stalled too"]),
      });
    });
  });
});

/** The configuration in which production runs on another cluster, of which the fakes know nothing. */
async function movedTo(
  world: ShopWorld,
  cluster: string,
): Promise<{
  readonly configuration: Configuration;
  readonly applications: { readonly shop: Application };
}> {
  const configuration = await world.configurations.read();
  const shop = configuration.applications["shop"];
  const environment = shop?.environments["production"];
  if (!shop || !environment) throw new Error("the shop has no production");
  const moved = changedEnvironment(environment, { podSpec: { ...shopPodSpec, cluster } });
  return {
    configuration,
    applications: { shop: { ...shop, environments: { production: moved } } },
  };
}
