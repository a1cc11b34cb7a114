import { beforeEach, describe, expect, it } from "vitest";
import { checkProductionTags } from "../../../../src/promotion/steps/check-production-tags.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import { aWorld, pattern, repositories, tag, type ShopWorld } from "../../../builders/a-world.ts";

describe("CheckProductionTags", () => {
  let world: ShopWorld;
  const check = async () => {
    await world.open({ id: "p-1", version: "1.0.0" });
    await verifyImages.run({ promotion: "p-1" }, world);
    return checkProductionTags.run({ promotion: "p-1" }, world);
  };
  const states = async () =>
    (await world.promotion("p-1")).tags?.map(
      ({ release, moving }) => `${release?.state} ${moving?.state}`,
    );

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
  });

  it("finds the tags absent before the first promotion", async () => {
    expect(await check()).toMatchObject({ outcome: "checked" });
    expect(await states()).toEqual(["absent absent", "absent absent"]);
  });

  it("finds them in place after a promotion that came to nothing", async () => {
    world.registry.addImage(repositories.api, { tag: tag("prod-1.0.0"), content: "api 1.0.0 " });
    expect(await check()).toMatchObject({ outcome: "checked" });
    expect(await states()).toEqual(["in-place absent", "absent absent"]);
  });

  it("finds a moving tag absent, though it is called like what every object has", async () => {
    const tags = { release: pattern("prod-{version}"), moving: tag("constructor") };
    world = aWorld({ production: { tags } });
    world.push("1.0.0");
    expect(await check()).toMatchObject({ outcome: "checked" });
    expect(await states()).toEqual(["absent absent", "absent absent"]);
  });

  it("refuses a release tag that is another digest, naming both, before anyone is asked", async () => {
    world.registry.addImage(repositories.ui, { tag: tag("prod-1.0.0"), content: "another build" });
    expect(await check()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringMatching(/shop-ui:prod-1\.0\.0 is already .*, but 1\.0\.0 is now /),
      ],
    });
  });

  it.each([
    ["MUTABLE", [], "checked"],
    ["IMMUTABLE", [], "close"],
    ["IMMUTABLE_WITH_EXCLUSION", ["prod"], "checked"],
    ["IMMUTABLE_WITH_EXCLUSION", ["latest*"], "close"],
    ["MUTABLE_WITH_EXCLUSION", ["prod*"], "close"],
  ] as const)(
    "of a moving tag that is elsewhere in a repository that is %s %j: %s",
    async (mode, exclusions, outcome) => {
      world.registry.addImage(repositories.api, { tag: tag("prod"), content: "what runs now" });
      world.registry.setMutability(repositories.api, { mode, exclusions: [...exclusions] });
      expect(await check()).toMatchObject({ outcome });
    },
  );

  it("lets an immutable repository have a moving tag for the first time", async () => {
    world.registry.setMutability(repositories.api, { mode: "IMMUTABLE", exclusions: [] });
    expect(await check()).toMatchObject({ outcome: "checked" });
  });
});
