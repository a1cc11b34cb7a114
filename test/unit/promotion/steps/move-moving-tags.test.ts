import { beforeEach, describe, expect, it } from "vitest";
import { moveMovingTags } from "../../../../src/promotion/steps/move-moving-tags.ts";
import { aWorld, repositories, tag, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, writing } from "../../../builders/go-through.ts";

describe("MoveMovingTags", () => {
  let world: ShopWorld;
  const move = (id: string) => moveMovingTags.run(writing(world, id), world);
  const moving = () =>
    [repositories.api, repositories.ui].map((name) => world.registry.tagsOf(name).get(tag("prod")));

  beforeEach(() => {
    world = aWorld();
  });

  it("lets them follow what runs, and the promotion ends as promoted", async () => {
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    const digests = world.push("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "rolled-out" });
    expect(moving()).not.toContain(digests["shop-api"]);
    expect(await move("p-2")).toMatchObject({
      outcome: "close",
      reasons: [
        "Promoted",
        expect.stringContaining("shop-api:prod moved"),
        expect.stringContaining("shop-ui:prod moved"),
      ],
    });
    expect(moving()).toEqual([digests["shop-api"], digests["shop-ui"]]);
  });

  it("writes nothing where they are in place or not configured", async () => {
    world = aWorld({
      production: { tags: { release: { prefix: "prod-", suffix: "" }, moving: undefined } },
    });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "rolled-out" });
    expect(await move("p-1")).toMatchObject({ outcome: "close", reasons: ["Promoted"] });
    expect(moving()).toEqual([undefined, undefined]);
  });

  it("moves nothing for a promotion that is taken back, or was redriven", async () => {
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await expect(move("p-1")).rejects.toMatchObject({ name: "NotOwner" });
    await expect(
      moveMovingTags.run({ ...writing(world, "p-1"), redrives: 1 }, world),
    ).rejects.toMatchObject({ name: "ExecutionRedriven" });
    expect(moving()).toEqual([undefined, undefined]);
  });

  it("reads no image again: the bytes were kept when they were verified", async () => {
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "rolled-out" });
    const before = world.registry.calls.length;
    await move("p-1");
    expect(world.registry.calls.slice(before)).toEqual(["putTag", "putTag"]);
  });

  it("moves nothing before the rollout was seen to be healthy", async () => {
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    await expect(move("p-1")).rejects.toMatchObject({ name: "NotAllowed" });
    expect(moving()).toEqual([undefined, undefined]);
  });
});
