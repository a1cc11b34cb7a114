import { describe, expect, test } from "vitest";
import { listAt, recordAt, textAt } from "../../src/domain/json.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

// What teams ran before they had a promoter, and what people do by hand.

const deployments = "/apis/apps/v1/namespaces/orderbook/deployments";
const services = "/api/v1/namespaces/orderbook/services";
const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

interface Somebody {
  create(path: string, manager: string, object: object): Promise<void>;
  change(path: string, manager: string, operations: readonly object[]): Promise<void>;
  read(path: string): Promise<unknown>;
}

/** A person or a program with a kubeconfig of its own. */
function somebody({ cloud }: StoryWorld): Somebody {
  const ask = async (method: string, path: string, type = "", body?: object): Promise<unknown> => {
    const response = await fetch(`${cloud.origin}/_kubernetes/orderbook-prod${path}`, {
      method,
      ...(body ? { headers: { "content-type": type }, body: JSON.stringify(body) } : {}),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    async create(path, manager, object) {
      await ask("POST", `${path}?fieldManager=${manager}`, "application/json", object);
      await cloud.settle(() => true);
    },
    async change(path, manager, operations) {
      const type = "application/json-patch+json";
      await ask("PATCH", `${path}?fieldManager=${manager}`, type, operations);
    },
    read: (path) => ask("GET", path),
  };
}

/** The namespace, the api and its service, as another pipeline had deployed them. */
async function deployedBy(manager: string, world: StoryWorld): Promise<Somebody> {
  const they = somebody(world);
  await they.create("/api/v1/namespaces", manager, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "orderbook" },
  });
  await they.create(deployments, manager, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "orderbook-api",
      labels: { app: "orderbook-api", "app.kubernetes.io/managed-by": manager },
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "orderbook-api" } },
      template: {
        metadata: { labels: { app: "orderbook-api" } },
        spec: {
          containers: [
            {
              name: "api",
              image: `${registry}/orderbook-api:dev-1.0.0`,
              ports: [{ name: "http", containerPort: 8080 }],
              env: [{ name: "LEGACY_DB_URL", value: "postgres://old" }],
              livenessProbe: { httpGet: { path: "/old-health", port: "http" } },
            },
          ],
        },
      },
    },
  });
  await they.create(services, manager, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "orderbook-api" },
    spec: {
      selector: { app: "orderbook-api" },
      ports: [{ name: "http", port: 8080, targetPort: "http" }],
    },
  });
  return they;
}

async function containerOf(they: Somebody): Promise<unknown> {
  const live = await they.read(`${deployments}/orderbook-api`);
  return listAt(live, "spec", "template", "spec", "containers")[0];
}

const crash = { kind: "crash", exitCode: 1, message: "cannot open the database" } as const;
const impatient = (yaml: string): string =>
  withoutApproval(yaml).replace("rollout: 10m", "rollout: 1m");

describe("a first promotion onto what others have deployed", () => {
  test.each(["kubectl-client-side-apply", "helm"])(
    "by %s: the question names what goes and who wrote it, and then it is gone",
    async (manager) => {
      const world = await startWorld();
      const they = await deployedBy(manager, world);
      const promotion = await world.pushRelease("1.4.2");
      const { plan, approval } = await world.asked(promotion);
      expect(plan?.plan.takeovers).toEqual(
        expect.arrayContaining([
          {
            object: "Deployment orderbook/orderbook-api",
            field: 'spec.template.spec.containers[name="api"].env',
            manager,
          },
          { object: "Deployment orderbook/orderbook-api", field: "spec.replicas", manager },
        ]),
      );
      const question = JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? ""));
      expect(question).toContain("LEGACY_DB_URL");
      expect(question).toContain(`(written by ${manager})`);
      await world.click(promotion, "approve");
      expect(await world.ending(promotion)).toBe("Promoted");
      const container = recordAt(await containerOf(they));
      expect(container).not.toHaveProperty("env");
      expect(container).not.toHaveProperty("livenessProbe");
      const live = await they.read(`${deployments}/orderbook-api`);
      expect(recordAt(live, "metadata")["labels"]).toEqual({ app: "orderbook-api" });
      expect(live).toMatchObject({ spec: { replicas: 2 } });
      expect(listAt(await they.read(`${services}/orderbook-api`), "spec", "ports")).toMatchObject([
        { name: "http", port: 80 },
      ]);
    },
  );

  test("that stalls: everything is there again as it was", async () => {
    const world = await startWorld({ yaml: impatient });
    await world.push("orderbook-api", "1.0.0");
    const they = await deployedBy("kubectl-client-side-apply", world);
    const spec = recordAt(await they.read(`${deployments}/orderbook-api`), "spec");
    const ports = listAt(await they.read(`${services}/orderbook-api`), "spec", "ports");
    const api = await world.push("orderbook-api", "1.4.2");
    world.cloud.clusters.get("orderbook-prod")?.behave(api, crash);
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("RolledBack");
    expect(recordAt(await they.read(`${deployments}/orderbook-api`), "spec")).toEqual(spec);
    expect(listAt(await they.read(`${services}/orderbook-api`), "spec", "ports")).toEqual(ports);
  });

  test("with an autoscaler at its maximum: its number stays, and the plan says who keeps it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const they = await deployedBy("kubectl-client-side-apply", world);
    await they.change(`${deployments}/orderbook-api/scale`, "kube-controller-manager", [
      { op: "replace", path: "/spec/replicas", value: 6 },
    ]);
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("Promoted");
    expect(await they.read(`${deployments}/orderbook-api`)).toMatchObject({
      spec: { replicas: 6 },
    });
    const { plan } = await world.show(promotion);
    expect(plan?.differences).toContainEqual(
      expect.objectContaining({
        object: "Deployment orderbook/orderbook-api",
        scaledBy: "kube-controller-manager",
      }),
    );
    expect(plan?.plan.rules?.join()).toContain("while a controller scales it");
  });
});

describe("a fix by hand", () => {
  const image = "/spec/template/spec/containers/0/image";
  const hotfix = [{ op: "replace", path: image, value: `${registry}/orderbook-api:hotfix` }];

  test("is shown in the next plan and overwritten by it", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    const they = somebody(world);
    await they.change(`${deployments}/orderbook-api`, "kubectl-set", hotfix);
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("Promoted");
    expect((await world.show(promotion)).plan?.plan.takeovers).toEqual([
      {
        object: "Deployment orderbook/orderbook-api",
        field: 'spec.template.spec.containers[name="api"].image',
        manager: "kubectl-set",
      },
    ]);
    expect(textAt(await containerOf(they), "image")).toContain("@sha256:");
  });

  test("that comes after the question was asked needs an approval of its own", async () => {
    const world = await startWorld();
    const first = await world.pushRelease("1.4.1");
    expect(await world.approve(first)).toBe("Promoted");
    const second = await world.pushRelease("1.4.2");
    const asked = await world.asked(second);
    await somebody(world).change(`${deployments}/orderbook-api`, "kubectl-edit", hotfix);
    await world.click(second, "approve");
    await world.until(async () => {
      const { approval } = await world.show(second);
      return approval?.hash !== asked.approval?.hash;
    });
    expect((await world.asked(second)).plan?.plan.takeovers).toHaveLength(1);
    expect(await world.approve(second)).toBe("Promoted");
  });
});
