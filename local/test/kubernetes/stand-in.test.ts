import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster } from "./a-cluster.ts";
import { standing, widget, widgetDefinition } from "./stand-in.fixtures.ts";

let cluster: ACluster;
beforeEach(async () => void (cluster = await aCluster({ nodes: [linux, linux] })));
afterEach(() => cluster.stop());

const linux = { os: "linux", architecture: "amd64" };
const objects = standing("default");
const pathOf = (plural: string): string =>
  Object.keys(objects).find((path) => path.includes(`/${plural}/`)) ?? "";

async function apply(path: string, body: unknown): Promise<void> {
  const type = "application/apply-patch+yaml";
  const { code } = await cluster.send("PATCH", `${path}?fieldManager=promoter`, { body, type });
  expect([200, 201]).toContain(code);
}

async function statusOf(path: string): Promise<unknown> {
  await cluster.advance(10_000);
  return (await cluster.send("GET", path)).body.status;
}

interface Rest {
  readonly image?: string;
  readonly strategy?: object;
}

/** The objects as they are, with another image or way to update. */
async function applied(plural: string, { image, strategy }: Rest = {}): Promise<unknown> {
  const given = JSON.stringify(objects[pathOf(plural)]).replace("web:1", image ?? "web:1");
  const object = JSON.parse(given) as { readonly spec: object };
  const updateStrategy = strategy ? { updateStrategy: strategy } : {};
  await apply(pathOf(plural), { ...object, spec: { ...object.spec, ...updateStrategy } });
  return statusOf(pathOf(plural));
}

describe("a StatefulSet", () => {
  it("has all its pods, and with another image all the new ones", async () => {
    const first = await applied("statefulsets");
    expect(first).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 3,
      currentReplicas: 3,
      availableReplicas: 3,
    });
    const second = await applied("statefulsets", { image: "web:2" });
    expect(second).toMatchObject({ observedGeneration: 2, updatedReplicas: 3 });
    const { currentRevision, updateRevision } = second as Record<string, string>;
    expect(currentRevision).toBe(updateRevision);
    expect(currentRevision).not.toBe((first as Record<string, string>)["currentRevision"]);
  });

  it("keeps the pods of its partition as they were", async () => {
    const strategy = { type: "RollingUpdate", rollingUpdate: { partition: 1 } };
    const { updateRevision } = (await applied("statefulsets", { strategy })) as Record<
      string,
      string
    >;
    expect(await applied("statefulsets", { strategy, image: "web:2" })).toMatchObject({
      readyReplicas: 3,
      updatedReplicas: 2,
      currentReplicas: 1,
      currentRevision: updateRevision,
    });
  });

  it("stops at the first new pod when its image does not get ready, and goes on when it does", async () => {
    await applied("statefulsets");
    cluster.kubernetes.behave("registry.example/web:2", { kind: "never-ready" });
    expect(await applied("statefulsets", { image: "web:2" })).toMatchObject({
      observedGeneration: 2,
      readyReplicas: 2,
      updatedReplicas: 1,
      currentReplicas: 2,
    });
    cluster.kubernetes.behave("registry.example/web:2", undefined);
    expect(await statusOf(pathOf("statefulsets"))).toMatchObject({
      readyReplicas: 3,
      updatedReplicas: 3,
    });
  });
});

it("a DaemonSet runs on every node, unless somebody says that it does not get ready", async () => {
  expect(await applied("daemonsets")).toMatchObject({
    desiredNumberScheduled: 2,
    numberAvailable: 2,
    updatedNumberScheduled: 2,
  });
  cluster.kubernetes.stand("DaemonSet/one", "default", "not-ready");
  const stuck = await statusOf(pathOf("daemonsets"));
  expect(stuck).toMatchObject({ numberReady: 1, numberUnavailable: 1, updatedNumberScheduled: 1 });
});

describe("a Job", () => {
  it("is complete", async () => {
    expect(await applied("jobs")).toMatchObject({
      succeeded: 2,
      conditions: [{ type: "SuccessCriteriaMet" }, { type: "Complete", status: "True" }],
    });
  });

  it("fails when its containers crash, and stays so", async () => {
    cluster.kubernetes.behave("registry.example/web:1", { kind: "crash", exitCode: 1 });
    const failed = { failed: 2, conditions: [{ type: "FailureTarget" }, { type: "Failed" }] };
    expect(await applied("jobs")).toMatchObject(failed);
    cluster.kubernetes.behave("registry.example/web:1", undefined);
    expect(await statusOf(pathOf("jobs"))).toMatchObject(failed);
  });
});

it("a claim is bound", async () => {
  expect(await applied("persistentvolumeclaims")).toMatchObject({
    phase: "Bound",
    capacity: { storage: "1Gi" },
  });
});

it("a custom resource with a status says that it is ready, that it is not, and that it never will", async () => {
  const group = "example.com";
  await apply(
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`,
    widgetDefinition(group),
  );
  const path = `/apis/${group}/v1/namespaces/default/widgets/one`;
  await apply(path, widget(group, "default"));
  expect(await statusOf(path)).toMatchObject({
    observedGeneration: 1,
    conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }],
  });
  cluster.kubernetes.stand("Widget/one", "default", "not-ready");
  expect(await statusOf(path)).toMatchObject({ conditions: [{ type: "Ready", status: "False" }] });
  cluster.kubernetes.stand("Widget/one", "default", "failed");
  expect(await statusOf(path)).toMatchObject({
    conditions: [
      { type: "Ready", status: "False" },
      { type: "Stalled", status: "True" },
    ],
  });
});
