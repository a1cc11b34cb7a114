import { beforeEach, describe, expect, it } from "vitest";
import { resumeEnvironment } from "../../../src/promotion/resume-environment.ts";
import { aWorld, production, type World } from "../../builders/a-world.ts";

describe("resuming an environment", () => {
  let world: World;
  const resume = (settled = false) => resumeEnvironment({ ...production, by: "ANNA", settled }, world);

  beforeEach(() => { world = aWorld(); });

  it("lifts what is on hold and says so", async () => {
    await world.environments.writeHold(production, { set: "s", version: "1.0.0", by: "p-1", since: 1, reason: "its rollout was rolled back" });
    expect(await resume()).toEqual({ outcome: "resumed", reasons: ["the hold on 1.0.0 is lifted by ANNA"] });
    expect(await world.environments.readHolds(production)).toEqual([]);
  });

  it.each([false, true])("says that there was nothing to do when nothing was on hold (settled: %s)", async (settled) => {
    expect((await resume(settled)).reasons).toEqual(["nothing was on hold in production, and it is in order; nothing was changed"]);
  });
});
