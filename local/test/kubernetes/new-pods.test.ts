import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster, aDeployment, deploymentPath } from "./a-cluster.ts";

// Expectations: the sources of Kubernetes 1.36 that the code cites.

let cluster: ACluster;
beforeEach(async () => {
  cluster = await aCluster();
});
afterEach(() => cluster.stop());

const old = "registry.example/web:1.0.0";
const withImage = (image: string, spec: object = {}): ReturnType<typeof aDeployment> =>
  aDeployment({ spec, container: { image } });

// oxlint-disable-next-line typescript/no-explicit-any -- JSON documents of any kind
type Loose = any;
const live = async (): Promise<Loose> => (await cluster.send("GET", deploymentPath)).body;
const listed = (kind: string): Loose[] => cluster.kubernetes.objects(kind, "default") as Loose[];
const condition = (object: Loose, type: string): Loose =>
  object.status.conditions.find((entry: Loose) => entry.type === type);

describe("pods that may not be made", () => {
  const quota = "exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2";

  it("are reported on the ReplicaSet and the Deployment, until they may", async () => {
    await cluster.apply(withImage(old));
    await cluster.advance(30_000);
    cluster.kubernetes.refuse("Pod", "default", quota);
    await cluster.apply(withImage("registry.example/web:2.0.0"));
    await cluster.advance(5000);
    const failure = {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: expect.stringMatching(
        /^pods "web-[a-z0-9]+-[a-z0-9]+" is forbidden: exceeded quota: team, requested/,
      ),
    };
    expect(condition(await live(), "ReplicaFailure")).toMatchObject(failure);
    expect(listed("ReplicaSet").flatMap((set) => set.status.conditions ?? [])).toMatchObject([
      failure,
    ]);
    expect((await live()).status).toMatchObject({ replicas: 2, availableReplicas: 2 });

    cluster.kubernetes.refuse("Pod", "default", undefined);
    await cluster.advance(60_000);
    expect((await live()).status).toMatchObject({
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
    expect(condition(await live(), "ReplicaFailure")).toBeUndefined();
  });

  it("end in the progress deadline", async () => {
    cluster.kubernetes.refuse(
      "Pod",
      "default",
      'admission webhook "policy.example" denied the request: no root',
    );
    await cluster.apply(withImage(old, { progressDeadlineSeconds: 30 }));
    await cluster.advance(40_000);
    expect(condition(await live(), "Progressing").reason).toBe("ProgressDeadlineExceeded");
    expect(condition(await live(), "ReplicaFailure").message).toBe(
      'admission webhook "policy.example" denied the request: no root',
    );
  });

  it("are those with a blank before or after an image, which the server takes in a template", async () => {
    expect((await cluster.apply(withImage(" registry.example/web:1.0.0"))).code).toBe(201);
    await cluster.advance(1000);
    expect(condition(await live(), "ReplicaFailure").message).toMatch(
      /^Pod "web-[a-z0-9-]+" is invalid: spec\.containers\[0\]\.image: Invalid value: " registry\.example\/web:1\.0\.0": must not have leading or trailing whitespace$/,
    );
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default" },
      spec: {
        containers: [{ name: "a", image: "a" }],
        initContainers: [{ name: "b", image: "b " }],
      },
    };
    expect(
      (await cluster.send("POST", "/api/v1/namespaces/default/pods", { body: pod })).body.message,
    ).toBe(
      'Pod "p" is invalid: spec.initContainers[0].image: Invalid value: "b ": must not have leading or trailing whitespace',
    );
  });
});

const required = (...nodeSelectorTerms: object[]): object => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  },
});
const where = (operator: string, ...values: string[]): object => ({
  matchExpressions: [
    { key: "beta.kubernetes.io/arch", operator, ...(values.length > 0 ? { values } : {}) },
  ],
});

describe("a node", () => {
  it.each<readonly [object, boolean]>([
    [{ nodeSelector: { "kubernetes.io/os": "linux" } }, true],
    [
      { nodeSelector: { "beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64" } },
      true,
    ],
    [{ nodeSelector: { "kubernetes.io/hostname": "node-1" } }, true],
    [{ nodeSelector: { "topology.kubernetes.io/region": "eu-west-1" } }, true],
    [{ nodeSelector: { "topology.kubernetes.io/zone": "eu-west-1a" } }, true],
    [{ nodeSelector: { "topology.kubernetes.io/zone": "us-east-1a" } }, false],
    [{ nodeSelector: { "failure-domain.beta.kubernetes.io/region": "eu-west-1" } }, true],
    [{ nodeSelector: { "failure-domain.beta.kubernetes.io/zone": "eu-west-1a" } }, true],
    [{ nodeSelector: { "node.kubernetes.io/instance-type": "m6i.large" } }, true],
    [{ nodeSelector: { "beta.kubernetes.io/instance-type": "m6i.large" } }, true],
    [{ nodeSelector: { "beta.kubernetes.io/arch": "arm64" } }, false],
    [{ nodeSelector: { "kubernetes.io/os": "windows" } }, false],
    [{ nodeSelector: { "node-role.kubernetes.io/worker": "" } }, false],
    [required(where("In", "amd64", "arm64")), true],
    [required(where("NotIn", "amd64")), false],
    [required(where("Exists")), true],
    [required(where("DoesNotExist")), false],
    [required(where("In", "arm64"), where("In", "amd64")), true],
    [required({}), false],
  ])("takes pods that select %j: %s", async (spec, takes) => {
    const object = aDeployment();
    object.spec.template.spec = { ...object.spec.template.spec, ...spec };
    await cluster.apply(object);
    await cluster.advance(30_000);
    const [pod] = listed("Pod");
    expect(pod.status.phase).toBe(takes ? "Running" : "Pending");
    expect(pod.spec.nodeName).toBe(takes ? "node-1" : undefined);
    const unschedulable = {
      status: "False",
      reason: "Unschedulable",
      message: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    };
    expect(condition(pod, "PodScheduled")).toMatchObject(
      takes ? { status: "True" } : unschedulable,
    );
  });
});
