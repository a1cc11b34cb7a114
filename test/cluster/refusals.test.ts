import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { connectReal, realCluster, type RealCluster } from "./real-cluster.ts";
import { context, visitor } from "./start-control-plane.ts";

// What only a whole API server has: quotas, policies and roles. The words are its own; what we make of them is ours.

const write = { dryRun: false, force: false };
const patient = { timeout: 20_000 };

let real: RealCluster;
beforeEach(async () => void (real = await realCluster(context)));
afterEach(() => real.close());

const settings = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: real.namespace },
  data: {},
});

describe("an object that the cluster does not admit", () => {
  it("is refused by a quota", async () => {
    await real.cluster.apply(
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "few", namespace: real.namespace },
        spec: { hard: { "count/configmaps": "0" } },
      },
      write,
    );
    const status = { hard: { "count/configmaps": "0" }, used: { "count/configmaps": "0" } };
    const path = `/api/v1/namespaces/${real.namespace}/resourcequotas/few/status`;
    await real.send({
      method: "PATCH",
      path,
      query: { fieldManager: "counter", force: "true" },
      apply: { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "few" }, status },
    });
    await expect
      .poll(() => refusal(settings("one")), patient)
      .toMatchObject({
        name: "ClusterRefused",
        message: expect.stringMatching(
          /exceeded quota: few.*; change the object, or what the cluster admits$/,
        ) as unknown,
      });
  });

  it("is refused by a policy", async () => {
    const name = `${real.namespace}-names`;
    const policy = (kind: string, spec: object): KubernetesObject => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind,
      metadata: { name },
      spec,
    });
    const resourceRules = [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
    ];
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": real.namespace } };
    await real.cluster.apply(
      policy("ValidatingAdmissionPolicy", {
        matchConstraints: { resourceRules, namespaceSelector },
        validations: [{ expression: "object.metadata.name != 'evil'", message: "no evil names" }],
      }),
      write,
    );
    await real.cluster.apply(
      policy("ValidatingAdmissionPolicyBinding", { policyName: name, validationActions: ["Deny"] }),
      write,
    );
    await expect
      .poll(() => refusal(settings("evil")), patient)
      .toMatchObject({
        name: "ClusterRefused",
        message: expect.stringContaining("denied request: no evil names") as unknown,
      });
    expect(await refusal(settings("good"))).toBeUndefined();
  });

  it("is refused by the security standard of its namespace", async () => {
    await real.cluster.apply(
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: real.namespace,
          labels: { "pod-security.kubernetes.io/enforce": "restricted" },
        },
      },
      write,
    );
    const pod: KubernetesObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "root", namespace: real.namespace },
      spec: { containers: [{ name: "app", image: "registry.example/web:1" }] },
    };
    await expect
      .poll(() => refusal(pod), patient)
      .toMatchObject({
        name: "ClusterRefused",
        message: expect.stringMatching(
          /violates PodSecurity "restricted:latest".*what the cluster admits$/,
        ) as unknown,
      });
  });

  it("is refused to who may not write it, and so is a look at it", async () => {
    const nobody = await connectReal(visitor);
    await expect(nobody.apply(settings("one"), write)).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringMatching(
        /User "visitor" cannot patch resource "configmaps".*; give the group of the access entry a Role/,
      ) as unknown,
    });
    await expect(
      nobody.read({ apiVersion: "v1", kind: "ConfigMap", name: "one", namespace: real.namespace }),
    ).rejects.toMatchObject({ name: "ClusterRefused" });
  });

  it("is refused to an unknown user", async () => {
    await expect(
      (await connectReal(`${visitor}-unknown`)).apply(settings("one"), write),
    ).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining("401") as unknown,
    });
  });
});

async function refusal(object: KubernetesObject): Promise<unknown> {
  return real.cluster.apply(object, { dryRun: true, force: false }).then(
    () => undefined,
    (error: unknown) => error,
  );
}
