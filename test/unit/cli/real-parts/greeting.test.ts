import { join } from "node:path";
import { expect, it } from "vitest";
import { greeting } from "../../../../cli/real-parts/greeting.ts";
import { loadConfiguration } from "../../../../src/config/load-configuration.ts";
import type { Configuration } from "../../../../src/domain/configuration.ts";

const root = join(import.meta.dirname, "../../../..");
const ecr = {
  part: { kind: "ecr", endpoint: "https://api.ecr.eu-west-1.amazonaws.com" },
  found: "registry 111122223333",
} as const;
const slack = {
  part: { kind: "slack", api: "https://slack.com/api" },
  found: "workspace Acme, as promoter",
} as const;
const cluster = {
  part: { kind: "cluster", name: "orderbook-prod", context: "kind-orderbook" },
  found: "answers",
} as const;
const callbackDoor = {
  origin: "http://127.0.0.1:4511",
  path: "/_functions/promoter-dev-on-slack-action/",
};

it("says nothing while all is simulated", async () => {
  expect(greeting([], { configuration: await shipped(), callbackDoor: undefined })).toEqual([]);
});

it("names every real part, what may be changed there, and what it needs", async () => {
  expect(greeting([ecr, slack, cluster], { configuration: await shipped(), callbackDoor })).toEqual(
    [
      "Real parts, and what may be changed there:",
      "  ECR at https://api.ecr.eu-west-1.amazonaws.com: registry 111122223333",
      "    adds the tags prod-{version}, prod in orderbook-api, orderbook-ui",
      "    deletes nothing",
      "    its pushes start nothing here: npm run promoter -- promote <application> <version> <environment>",
      "  Slack at https://slack.com/api: workspace Acme, as promoter",
      "    posts and edits messages in #releases",
      "    point your tunnel at http://127.0.0.1:4511, which serves one path and nothing else",
      "    Interactivity URL of the app: https://<your tunnel>/_functions/promoter-dev-on-slack-action/",
      "  cluster orderbook-prod (context kind-orderbook): answers",
      "    applies the objects of deploy/orderbook in namespace orderbook (orderbook production), and rolls them back unless they become healthy",
      "  Nothing is approved automatically. Only votes in Slack count.",
      "",
    ],
  );
});

it("says that a real cluster cannot pull from a simulated registry", async () => {
  const lines = greeting([cluster], { configuration: await shipped(), callbackDoor: undefined });
  expect(lines).toContain(
    "  The registry is simulated: a real cluster cannot pull from it, unless its nodes mirror the registry of promoter.yml here.",
  );
  expect(lines).toContain(
    "  Nothing is approved automatically. You are asked here, or on the page of the local Slack.",
  );
});

it("says where no approval is needed", async () => {
  const configuration = await shipped();
  const { orderbook } = configuration.applications;
  if (!orderbook?.environments["production"]) throw new Error("the shipped configuration has it");
  const production = { ...orderbook.environments["production"], approval: undefined };
  const open = {
    ...configuration,
    applications: { orderbook: { ...orderbook, environments: { production } } },
  };
  expect(greeting([ecr], { configuration: open, callbackDoor: undefined }).at(-2)).toBe(
    "  No approval is needed for orderbook production: promoter.yml has none there.",
  );
});

async function shipped(): Promise<Configuration> {
  const loaded = await loadConfiguration({ root, config: "promoter.yml" });
  if (loaded.kind === "ok") return loaded.configuration;
  throw new Error("the shipped configuration has faults");
}
