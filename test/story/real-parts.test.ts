import { request as httpRequest } from "node:http";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { virtualClock } from "@promoter/local-cloud/clock";
import type { Template } from "@promoter/local-cloud/internal/template/resolve-template.ts";
import type { RealParts } from "@promoter/local-cloud/real-parts";
import { expect, test } from "vitest";
import { postClick } from "./post-click.ts";
import { startOutside, type Outside } from "./start-outside.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

test("a question goes to the real workspace, and a click there, signed with its secret, promotes", async () => {
  const { world, outside } = await worldWith("slack");
  const promotion = await world.pushRelease("1.4.2");
  await world.asked(promotion);
  expect(outside.slack.messages("C0REALRELEASES")).toHaveLength(1);
  expect(world.cloud.slack.messages("C00000001")).toEqual([]);
  expect(await outside.approve("U012AB3CD")).toEqual({ kind: "delivered" });
  expect(await world.ending(promotion)).toBe("Promoted");
  expect(JSON.stringify(outside.slack.messages("C0REALRELEASES")[0])).toContain("promoted");
});

test("the answer to a click goes to the address that the real workspace gave", async () => {
  const { world, outside } = await worldWith("slack");
  await world.asked(await world.pushRelease("1.4.2"));
  expect(await outside.approve("U9STRANGER")).toEqual({ kind: "delivered" });
  await world.cloud.settle();
  expect(outside.requests.filter(({ path }) => path.startsWith("/actions/"))).toHaveLength(1);
});

test("a click that was signed with any other secret is forged: nothing of the local cloud can vote", async () => {
  const { world } = await worldWith("slack");
  const promotion = await world.pushRelease("1.4.2");
  const { plan } = await world.asked(promotion);
  const click = { promotion, hash: plan?.hash ?? "", user: "U012AB3CD" };
  expect(
    await postClick(world, { ...click, signingSecret: "ffffffffffffffffffffffffffffffff" }),
  ).toBe(401);
  expect((await world.show(promotion)).approval).toMatchObject({ state: "pending", votes: [] });
});

test("functions work in the real registry as the user, simulated nodes pull from it, and the simulated one stays as it was", async () => {
  const { world, outside } = await worldWith("ecr");
  const digests = [
    await outside.push("orderbook-api", "dev-1.4.2"),
    await outside.push("orderbook-ui", "dev-1.4.2"),
  ];
  outside.clear();
  expect(await world.approve(await world.promote("1.4.2"))).toBe("Promoted");
  expect(
    ["orderbook-api", "orderbook-ui"].map(
      (repository) =>
        outside.ecr.images(repository).find(({ tags }) => tags.includes("prod-1.4.2"))?.digest,
    ),
  ).toEqual(digests);
  expect(world.cloud.ecr.images("orderbook-api")).toEqual([]);
  const calls = outside.requests.filter(({ headers }) => headers["x-amz-target"] !== undefined);
  expect(new Set(calls.map(({ headers }) => headers["authorization"]?.split(/[=/]/)[1]))).toEqual(
    new Set(["AKIAREALPERSON"]),
  );
  expect(
    calls.every(({ headers }) => headers["x-amz-security-token"] === "real-session-token"),
  ).toBe(true);
  expect(world.cloud.clusters.get("orderbook-prod")?.objects("Pod", "orderbook")).toHaveLength(4);
  expect(
    outside.requests.some(({ path }) => path.startsWith("/v2/orderbook-api/manifests/sha256:")),
  ).toBe(true);
});

test("the role of a function still decides: what it may not do does not reach the real registry", async () => {
  const clock = virtualClock();
  const outside = await startOutside(clock);
  const world = await startWorld({
    real: { ecr: outside.ecrParts },
    clock,
    changeTemplate: withoutPutImage,
  });
  await outside.push("orderbook-api", "dev-1.4.2");
  await outside.push("orderbook-ui", "dev-1.4.2");
  expect(await world.approve(await world.promote("1.4.2"))).toBe("Failed");
  expect(
    world.cloud.calls.calls.some(
      ({ action, outcome }) => action === "ecr:PutImage" && outcome === "denied",
    ),
  ).toBe(true);
  expect(
    outside.requests.filter(({ headers }) => headers["x-amz-target"]?.endsWith("PutImage")),
  ).toEqual([]);
});

test("a call that stands in no role does not reach the real registry, whatever the user may do there", async () => {
  const {
    world: { cloud, ...world },
    outside,
  } = await worldWith("ecr");
  await world.promote("1.4.2");
  const key = cloud.calls.calls.find(({ service }) => service === "ecr")?.accessKeyId ?? "";
  outside.clear();
  const headers = {
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DeleteRegistryPolicy",
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260105/eu-west-1/ecr/aws4_request`,
  };
  expect(
    await (await fetch(cloud.origin, { method: "POST", headers, body: "{}" })).text(),
  ).toContain("not authorized to perform: ecr:DeleteRegistryPolicy");
  expect(outside.requests).toEqual([]);
});

test("secrets are never revealed: not in logs, not in the trail, not by the recorded calls", async () => {
  const { world, outside } = await worldWith("both");
  await outside.push("orderbook-api", "dev-1.4.2");
  await outside.push("orderbook-ui", "dev-1.4.2");
  const promotion = await world.promote("1.4.2");
  await world.asked(promotion);
  await outside.approve("U012AB3CD");
  expect(await world.ending(promotion)).toBe("Promoted");
  const told = JSON.stringify([
    world.logs,
    await world.show(promotion),
    await world.status(),
    world.cloud.calls.calls,
    world.cloud.environment,
    world.cloud.stepFunctions.executions.history(
      world.cloud.stepFunctions.executions.arns[0] ?? "",
    ),
  ]);
  expect(told).toContain("Promoted");
  expect(outside.secrets.filter((secret) => told.includes(secret))).toEqual([]);
});

test.each([
  [
    "the registry",
    "ecr",
    /the real ECR at http:\/\/127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED; try again later/,
  ],
  [
    "the workspace",
    "slack",
    /asking Slack for conversations\.list: expected HTTP 200, got 503; try again later/,
  ],
] as const)("%s cannot be reached: the promotion ends and says so", async (_, parts, reason) => {
  const { world, outside } = await worldWith(parts);
  await outside.close();
  const promotion =
    parts === "ecr" ? await world.promote("1.4.2") : await world.pushRelease("1.4.2");
  expect(await world.ending(promotion)).toBe("Failed");
  expect(await world.reasons(promotion)).toMatch(reason);
});

test("missing credentials are reported as the reason", async () => {
  const clock = virtualClock();
  const outside = await startOutside(clock);
  const ecr = {
    ...outside.ecrParts,
    credentials: () => Promise.reject(new Error("the SSO session has expired")),
  };
  const world = await startWorld({ real: { ecr }, clock });
  const promotion = await world.promote("1.4.2");
  expect(await world.ending(promotion)).toBe("Failed");
  expect(await world.reasons(promotion)).toContain(
    "there are no credentials for the real ECR: the SSO session has expired",
  );
});

const person = {
  region: "eu-west-1",
  credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  maxAttempts: 1,
};

test("with a real part the table and the secret answer the functions alone", async () => {
  const {
    world: { cloud },
  } = await worldWith("slack");
  const endpoint = cloud.origin;
  await expect(
    new SecretsManagerClient({ ...person, endpoint }).send(
      new GetSecretValueCommand({ SecretId: cloud.stack.secrets[0]?.name ?? "" }),
    ),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(
    new DynamoDBClient({ ...person, endpoint }).send(
      new ScanCommand({ TableName: cloud.stack.tables[0] ?? "" }),
    ),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("programs of this machine get nowhere with the user's credentials: neither by the API nor by a push", async () => {
  const {
    world: { cloud },
    outside,
  } = await worldWith("ecr");
  const headers = {
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
    authorization: "AWS4-HMAC-SHA256 Credential=LOCALPERSON/20260105/eu-west-1/ecr/aws4_request",
  };
  expect((await fetch(cloud.origin, { method: "POST", headers, body: "{}" })).status).toBe(403);
  const push = await fetch(`${cloud.origin}/v2/orderbook-api/blobs/uploads/`, { method: "POST" });
  expect(push.status).toBe(403);
  expect(await push.text()).toContain("push to it");
  expect(outside.requests).toEqual([]);
});

test("the page of the local Slack is gone", async () => {
  const {
    world: { cloud },
  } = await worldWith("slack");
  const page = await fetch(`${cloud.origin}/_slack/`);
  expect([page.status, await page.text()]).toEqual([
    404,
    "Slack is a real workspace here: look and answer there\n",
  ]);
});

test.each([
  ["another function", "/_functions/promoter-dev-reconcile/"],
  [
    "the Invoke API below the prefix",
    "/_functions/2015-03-31/functions/promoter-dev-reconcile/invocations",
  ],
  ["the Invoke API", "/2015-03-31/functions/promoter-dev-reconcile/invocations"],
  [
    "below the function",
    "/_functions/promoter-dev-on-slack-action/2015-03-31/functions/promoter-dev-reconcile/invocations",
  ],
  ["the table", "/"],
  ["a fault", "/_local/faults"],
])("whoever comes through the tunnel does not get to %s", async (_, path) => {
  const {
    world: { cloud },
  } = await worldWith("slack");
  const headers = {
    "x-amz-target": "DynamoDB_20120810.ListTables",
    authorization:
      "AWS4-HMAC-SHA256 Credential=LOCALPERSON/20260105/eu-west-1/dynamodb/aws4_request",
  };
  expect(
    (await fetch(`${cloud.callbackDoor?.origin}${path}`, { method: "POST", headers, body: "{}" }))
      .status,
  ).toBe(404);
});

test("whoever comes through the tunnel cannot fill the memory", async () => {
  const {
    world: {
      cloud: { callbackDoor },
    },
  } = await worldWith("slack");
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode("payload="));
      controller.close();
    },
  });
  const answer = await fetch(`${callbackDoor?.origin}${callbackDoor?.path}`, {
    method: "POST",
    body,
    duplex: "half",
  });
  expect(answer.status).toBe(413);
});

test.each([
  ["a public name", { host: "promoter.example.com" }, 403],
  ["a name that begins like a local one", { host: "localhost.example.com" }, 403],
  ["a tunnel that rewrites the name", { host: "localhost", "x-forwarded-for": "203.0.113.7" }, 403],
  ["this machine", { host: "localhost:4510" }, 404],
])("the address of the cloud, asked by %s, answers %o with %i", async (_, headers, status) => {
  const {
    world: { cloud },
  } = await worldWith("slack");
  expect(await statusOf(`${cloud.origin}/_slack/`, headers)).toBe(status);
});

test("a real cluster alone closes the table too", async () => {
  const world = await startWorld({
    yaml: (text) => text.replace(/\{ eks: orderbook-prod.*\}/, "{ context: kind-orderbook }"),
  });
  const client = new DynamoDBClient({ ...person, endpoint: world.cloud.origin });
  await expect(
    client.send(new ScanCommand({ TableName: world.cloud.stack.tables[0] ?? "" })),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
});

interface Both {
  readonly world: StoryWorld;
  readonly outside: Outside;
}

async function worldWith(parts: "slack" | "ecr" | "both"): Promise<Both> {
  const clock = virtualClock();
  const outside = await startOutside(clock);
  const { slackParts: slack, ecrParts: ecr } = outside;
  const real: RealParts =
    parts === "both" ? { slack, ecr } : parts === "slack" ? { slack } : { ecr };
  const world = await startWorld({ real, clock });
  const { callbackDoor } = world.cloud;
  outside.setInteractivityUrl(`${callbackDoor?.origin}${callbackDoor?.path}`);
  return { world, outside };
}

function withoutPutImage(template: Template): Template {
  return JSON.parse(
    JSON.stringify(template).replaceAll('"ecr:PutImage"', '"ecr:ListImages"'),
  ) as Template;
}

/** fetch does not let one say another host. */
function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
