import { beforeEach, describe, expect, it } from "vitest";
import { pinSet } from "../../../../src/ports/environments.ts";
import { abortPromotion } from "../../../../src/promotion/operations/abort-promotion.ts";
import { resumeEnvironment } from "../../../../src/promotion/operations/resume-environment.ts";
import { retryPromotion } from "../../../../src/promotion/operations/retry-promotion.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { enterEnvironment } from "../../../../src/promotion/steps/enter-environment.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import { aWorld, production, repositories, type ShopWorld } from "../../../builders/a-world.ts";
import { goOn, goThrough, plan } from "../../../builders/go-through.ts";

describe("going back", () => {
  let world: ShopWorld;
  const back = (id: string, version: string) =>
    world.open({ id, version, requester: "ZOE", back: true });
  const pin = () => world.environments.readHold(production, pinSet);

  beforeEach(async () => {
    world = aWorld();
    for (const version of ["1.0.0", "1.1.0", "1.2.0"]) world.push(version);
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    world.pass(1000);
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "closed" });
    world.pass(1000);
  });

  it("promotes the digests that ran here, with plan and ending that say so, and pins them", async () => {
    await back("m-1", "1.0.0");
    await goOn(world, "m-1", { to: "closed" });
    const { ending, reasons, members, plan: hash = "", trigger } = await world.promotion("m-1");
    expect({ ending, trigger }).toEqual({ ending: "Promoted", trigger: "person" });
    expect(reasons[0]).toBe(
      "went back from 1.1.0 to 1.0.0; newer pushes stay away until `resume shop production`",
    );
    expect(members).toEqual((await world.promotion("p-1")).members);
    const stored = await world.promotions.readPlan("m-1", hash);
    expect(stored?.plan).toMatchObject({ back: true, fromVersion: "1.1.0" });
    expect((await world.environments.readCurrent(production))?.version).toBe("1.0.0");
    expect(await pin()).toMatchObject({ version: "1.0.0", by: "m-1", pin: true });
    expect((await world.promotions.history(production, { limit: 1 })).entries[0]?.back).toBe(true);
  });

  it("takes the recorded digests, though the tag was moved since", async () => {
    world.push("1.0.0", "rebuilt");
    const { members } = await back("m-1", "1.0.0");
    expect(members).toEqual((await world.promotion("p-1")).members);
  });

  it("keeps a newer push away until somebody resumes", async () => {
    await back("m-1", "1.0.0");
    await goOn(world, "m-1", { to: "closed" });
    await world.open({ id: "p-3", version: "1.2.0" });
    const push = { ...(await world.promotion("p-3")), trigger: "push" as const };
    const read = async () => push;
    const promotions = { ...world.promotions, read };
    const verify = () => verifyImages.run({ promotion: "p-3" }, { ...world, promotions });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("production stays at 1.0.0 since")],
    });
    const resumed = await resumeEnvironment.run(
      { ...production, by: "ANNA", settled: false },
      world,
    );
    expect(resumed.reasons).toEqual(["the hold on everything newer than 1.0.0 was lifted by ANNA"]);
    expect(await verify()).toMatchObject({ outcome: "verified" });
  });

  it("is not pinned again when its closing is repeated after somebody resumed", async () => {
    await back("m-1", "1.0.0");
    await goOn(world, "m-1", { to: "closed" });
    await resumeEnvironment.run({ ...production, by: "ANNA", settled: false }, world);
    await closePromotion.run({ promotion: "m-1" }, world);
    expect(await pin()).toBeUndefined();
  });

  it("is over when a person promotes a newer version", async () => {
    await back("m-1", "1.0.0");
    await goOn(world, "m-1", { to: "closed" });
    world.pass(1000);
    await world.open({ id: "m-2", version: "1.2.0", requester: "ZOE" });
    await goOn(world, "m-2", { to: "closed" });
    expect((await world.promotion("m-2")).ending).toBe("Promoted");
    expect(await pin()).toBeUndefined();
  });

  it("is refused to a version that never ran here, and to one whose images are gone", async () => {
    expect((await back("m-1", "1.2.0")).conclusion).toMatchObject({
      ending: "Refused",
      reasons: [expect.stringMatching(/1\.2\.0 never ran in production.*`history shop production/)],
    });
    const { members = [] } = await back("m-2", "1.0.0");
    const gone = members.find(({ repository }) => repository === repositories.api);
    const registry = {
      ...world.registry,
      readImage: async (...[image, tags]: Parameters<ShopWorld["registry"]["readImage"]>) =>
        image.repository === repositories.api
          ? { manifest: undefined, tags: new Map() }
          : world.registry.readImage(image, tags),
    };
    expect(await verifyImages.run({ promotion: "m-2" }, { ...world, registry })).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining(`${repositories.api}@${gone?.digest} is not`)],
    });
  });

  it("waits for nobody but the owner: a newer version gives it the place, and does not take it", async () => {
    await goThrough(world, { id: "p-3", version: "1.2.0", to: "entered" });
    world.push("1.3.0");
    world.push("1.4.0");
    await goThrough(world, { id: "p-4", version: "1.3.0", to: "entered" });
    await back("m-1", "1.0.0");
    await plan(world, "m-1");
    expect(await enterEnvironment.run({ promotion: "m-1" }, world)).toMatchObject({
      outcome: "turn",
    });
    await goThrough(world, { id: "p-5", version: "1.4.0", to: "entered" });
    expect((await world.environments.readLock(production)).next?.promotion).toBe("m-1");
    expect((await world.promotion("p-5")).conclusion?.ending).toBe("Superseded");
  });

  it("is named where it is the remedy, and is not retried", async () => {
    await expect(abortPromotion.run({ promotion: "p-2", by: "BEN" }, world)).rejects.toThrow(
      "`promote shop 1.0.0 production --back` goes back to what ran before",
    );
    await back("m-1", "1.0.0");
    await goOn(world, "m-1", { to: "closed" });
    await expect(retryPromotion.run({ promotion: "m-1" }, world)).rejects.toThrow(
      "`promote shop 1.0.0 production --back` does so again",
    );
  });
});
