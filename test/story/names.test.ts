import { describe, expect, test } from "vitest";
import { startWorld } from "./start-world.ts";

const promoterYml = `
registry: { account: "444455556666", region: eu-central-1 }
clusters:
  shop-eu: { eks: shop-eu, region: eu-central-1 }
applications:
  shop:
    images: [shop-web, shop-worker]
    source: { tag: "build-{version}", order: number }
    environments:
      prod-eu:
        tags: { release: "live-{version}", moving: live }
        rules:
          scan: { critical: 0, high: 3 }
          platforms: [linux/amd64]
        approval: { slack: "#shop", approvers: [U0BOB0000], required: 1, expires: 2h }
        podSpec: { cluster: shop-eu, namespace: shop, files: kubernetes, rollout: 5m }
`;

const deployment = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: main, image: 444455556666.dkr.ecr.eu-central-1.amazonaws.com/${name} }
`;

const files = {
  "promoter.yml": promoterYml,
  "kubernetes/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n",
  "kubernetes/web.yaml": deployment("shop-web"),
  "kubernetes/worker.yaml": deployment("shop-worker"),
};

/** Both projects, with what the stories call things in them. */
const projects = [
  {
    name: "the shipped one",
    options: { yaml: (text: string) => text.replace("expires: 24h", "expires: 2h") },
    first: "orderbook-api",
    member: "orderbook-ui",
    dev: "dev-",
    approver: "U012AB3CD",
    versions: ["1.4.1", "1.4.2"],
  },
  {
    name: "another one",
    options: { files },
    first: "shop-web",
    member: "shop-worker",
    dev: "build-",
    approver: "U0BOB0000",
    versions: ["117", "118"],
  },
] as const;

describe.each(projects)(
  "$name, by configuration alone",
  ({ options, first, member, dev, approver, versions: [older, newer] }) => {
    test("waits for the member that is missing", async () => {
      const world = await startWorld(options);
      const promotion = await world.promote(newer);
      expect(await world.ending(promotion)).toBe("Refused");
      await world.push(first, newer);
      expect((await world.status()).incomplete).toMatchObject([
        { version: newer, missing: [member] },
      ]);
      expect(await world.ending(await world.promote(newer))).toBe("Incomplete");
    });

    test("is promoted, and repeated without a question", async () => {
      const world = await startWorld(options);
      await world.pushRelease(newer);
      expect(await world.approve()).toBe("Promoted");
      expect(await world.ending(await world.promote(newer))).toBe("AlreadyPromoted");
    });

    test("is rejected, and expires", async () => {
      const world = await startWorld(options);
      const rejected = await world.pushRelease(older);
      await world.asked(rejected);
      await world.click(rejected, "reject", approver);
      expect(await world.ending(rejected)).toBe("Rejected");
      const expired = await world.pushRelease(newer);
      await world.asked(expired);
      expect(await world.ending(expired)).toBe("Expired");
    });

    test("is refused for its findings", async () => {
      const world = await startWorld(options);
      world.cloud.ecr.scanner.set({
        repository: member,
        result: { kind: "complete", counts: { CRITICAL: 1 } },
      });
      await world.pushRelease(newer);
      expect(await world.ending()).toBe("Refused");
      expect(await world.reasons()).toContain("CRITICAL");
    });

    test("is superseded by a rebuild during the vote, and cancelled by a person", async () => {
      const world = await startWorld(options);
      const asked = await world.pushRelease(newer);
      await world.asked(asked);
      await world.push(member, newer, { content: "rebuilt" });
      expect(await world.ending(asked)).toBe("Superseded");
      const rebuilt = world.promotions().at(-1) ?? "";
      await world.asked(rebuilt);
      await world.invoke("cancel-promotion", { promotion: rebuilt, by: "ada" });
      expect(await world.ending(rebuilt)).toBe("Cancelled");
    });

    test("is rolled back to what ran before", async () => {
      const world = await startWorld(options);
      await world.pushRelease(older);
      expect(await world.approve()).toBe("Promoted");
      await world.pushRelease(newer);
      for (const cluster of world.cloud.clusters.values()) {
        cluster.behave(`${member}:${dev}${newer}`, { kind: "crash", exitCode: 1 });
      }
      expect(await world.approve()).toBe("RolledBack");
      expect((await world.status()).environments[0]?.current?.version).toBe(older);
    });
  },
);

test("another application with other names, account and Region goes the same way, by configuration alone", async () => {
  const world = await startWorld({ files });
  const promotion = await world.pushRelease("118");
  const { approval } = await world.asked(promotion);
  expect(approval).toMatchObject({ approvers: ["U0BOB0000"], state: "pending" });
  await world.click(promotion, "approve");

  expect(await world.ending(promotion)).toBe("Promoted");
  for (const repository of ["shop-web", "shop-worker"]) {
    expect(world.tagged(repository, "live-118")).toBe(world.tagged(repository, "build-118"));
    expect(world.tagged(repository, "live")).toBe(world.tagged(repository, "build-118"));
  }
  const pods = JSON.stringify(world.cloud.clusters.get("shop-eu")?.objects("Pod", "shop"));
  expect(pods).toContain(
    `444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop-web@${world.tagged("shop-web", "live-118")}`,
  );
  expect(await world.status()).toMatchObject({
    application: "shop",
    environments: [{ environment: "prod-eu", current: { version: "118" } }],
  });
  expect(
    JSON.stringify({
      status: await world.status(),
      shown: await world.show(promotion),
      messages: world.cloud.slack.messages(approval?.message?.channel ?? ""),
    }),
  ).not.toMatch(/orderbook|111122223333|eu-west-1/);
});

test("a member by another name of the registry, and one that only a variable names, run by digest", async () => {
  const names = {
    web: "444455556666.dkr-ecr.eu-central-1.on.aws/shop-web",
    worker: "444455556666.dkr.ecr-fips.eu-central-1.amazonaws.com/shop-worker",
  };
  const variable = `          env: [{ name: WORKER, value: "${names.worker}:latest" }]\n`;
  const world = await startWorld({
    files: {
      "promoter.yml": promoterYml.replace(
        "files: kubernetes",
        "files: kubernetes, images: everywhere",
      ),
      "kubernetes/namespace.yaml": files["kubernetes/namespace.yaml"],
      "kubernetes/web.yaml": deployment("shop-web").replace(
        /- \{ name: main, image: .* \}\n/,
        `- name: main\n          image: ${names.web}\n${variable}`,
      ),
    },
  });
  const promotion = await world.pushRelease("118");
  expect(await world.approve(promotion)).toBe("Promoted");
  const [pod] = world.cloud.clusters.get("shop-eu")?.objects("Pod", "shop") ?? [];
  expect(JSON.stringify(pod)).toContain(
    `"image":"${names.web}@${world.tagged("shop-web", "live-118")}"`,
  );
  expect(JSON.stringify(pod)).toContain(
    `"value":"${names.worker}@${world.tagged("shop-worker", "live-118")}"`,
  );
});
