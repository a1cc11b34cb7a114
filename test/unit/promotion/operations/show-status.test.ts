import { expect, it } from "vitest";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { showStatus } from "../../../../src/promotion/operations/show-status.ts";
import { aWorld, pushEvent } from "../../../builders/a-world.ts";

it("status lists versions that lack members, and not those that are only just being started", async () => {
  const world = aWorld();
  for (const [version, repositories] of [
    ["1.0.0", ["shop-api", "shop-ui"]],
    ["1.1.0", ["shop-api"]],
  ] as const) {
    const digests = world.push(version);
    for (const repository of repositories) {
      await onImagePush.run(
        pushEvent({
          id: `${repository} ${version}`,
          repository,
          digest: digests[repository],
          version,
        }),
        world,
      );
    }
  }
  expect(await showStatus.run({}, world)).toMatchObject([
    { incomplete: [{ version: "1.1.0", missing: ["shop-ui"] }] },
  ]);
});
