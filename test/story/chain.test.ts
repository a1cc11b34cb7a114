import { expect, test } from "vitest";
import { startWorld, type StoryWorld, type WorldOptions } from "./start-world.ts";
import { withoutPushRule } from "./without-push-rule.ts";

const staged = (yaml: string): string =>
  yaml
    .replace(
      "    environments:\n",
      `    environments:
      staging:
        tags: { release: "staging-{version}" }
        podSpec: { cluster: orderbook-prod, namespace: orderbook-staging, files: deploy/orderbook-staging, rollout: 1m }
`,
    )
    .replace("      production:\n", "      production:\n        after: staging\n");

test("a push goes to the first environment, and the next one takes exactly what ran there", async () => {
  const world = await startedStaged();
  const push = await world.pushRelease("1.4.2");
  expect((await world.show(push)).promotion.environment).toBe("staging");
  expect(await world.ending(push)).toBe("Promoted");
  expect(world.promotions()).toEqual([push]);

  const promotion = await world.promote("1.4.2", { environment: "production" });
  expect(await world.approve(promotion)).toBe("Promoted");
  expect((await world.show(promotion)).promotion.members).toEqual(
    (await world.show(push)).promotion.members,
  );
  expect(world.tagged("orderbook-api", "prod-1.4.2")).toBe(
    world.tagged("orderbook-api", "staging-1.4.2"),
  );
});

test("what never ran in the environment before is refused, even though its images are there", async () => {
  const world = await startedStaged({ changeTemplate: withoutPushRule });
  await world.pushRelease("1.4.2");
  const promotion = await world.promote("1.4.2", { environment: "production" });
  expect(await world.ending(promotion)).toBe("Refused");
  expect(await world.reasons(promotion)).toBe(
    "orderbook 1.4.2 was never promoted to staging, which comes before production; run `promote orderbook 1.4.2 staging` first",
  );
});

/** Staging runs one small Deployment per member in a namespace of its own. */
async function startedStaged(options: WorldOptions = {}): Promise<StoryWorld> {
  return startWorld({
    ...options,
    yaml: staged,
    further: {
      "deploy/orderbook-staging/namespace.yaml":
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: orderbook-staging }\n",
      "deploy/orderbook-staging/api.yaml": deployment("orderbook-api"),
      "deploy/orderbook-staging/ui.yaml": deployment("orderbook-ui"),
    },
  });
}

/** JSON is YAML. */
function deployment(name: string): string {
  const containers = [
    { name: "main", image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${name}` },
  ];
  const template = { metadata: { labels: { app: name } }, spec: { containers } };
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template },
  });
}
