import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { describe } from "vitest";
import { virtualClock } from "../../local/clock.ts";
import { kubernetesClusters } from "../../src/adapters/kubernetes/clusters.ts";
import { kubernetesRequests, type SendRequest } from "../../src/adapters/kubernetes/kubernetes-request.ts";
import type { KubernetesObject, ObjectRef } from "../../src/domain/pod-spec/object.ts";
import { fakeCluster } from "../fakes/cluster.ts";
import { clusterContract, type ClusterWorld } from "./cluster.contract.ts";
import { localCluster } from "./cluster.fixtures.ts";

clusterContract("the fake", async () => {
  const cluster = fakeCluster({ clock: virtualClock() });
  return { cluster, namespace: "default", applyAs: async (manager, object) => cluster.applyAs(manager, object), close: async () => undefined };
});

clusterContract("the Kubernetes API behind EKS", async () => {
  const local = await localCluster();
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: "local", server: local.server, skipTLSVerify: true }, { name: "somebody" });
  const cluster = await local.clusters.connect("prod");
  return { cluster, namespace: "default", applyAs: otherManager(config), close: () => local.close() };
});

/** A real API server, where somebody has one: `KUBECONFIG=… PROMOTER_TEST_CONTEXT=kind-promoter npx vitest run test/contract/cluster.test.ts`. */
const context = process.env["KUBECONFIG"] ? process.env["PROMOTER_TEST_CONTEXT"] : undefined;
describe.skipIf(!context)("with PROMOTER_TEST_CONTEXT", () => {
  clusterContract(`the context ${context}`, () => realCluster(context ?? ""));
});

async function realCluster(name: string): Promise<ClusterWorld> {
  const clusters = kubernetesClusters({
    addresses: { real: { kind: "context", context: name } }, clock: Date, credentials: neverAsked, eks: neverAsked,
  });
  const cluster = await clusters.connect("real");
  const namespace: ObjectRef = { apiVersion: "v1", kind: "Namespace", name: `promoter-contract-${randomUUID().slice(0, 8)}`, namespace: undefined };
  await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace.name } }, { dryRun: false, force: false });
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(name);
  return { cluster, namespace: namespace.name, applyAs: otherManager(config), close: () => cluster.remove(namespace) };
}

function neverAsked(): never {
  throw new Error("a kubeconfig context needs nothing of AWS");
}

function otherManager(config: KubeConfig): (manager: string, object: KubernetesObject) => Promise<void> {
  const send: SendRequest = kubernetesRequests({ cluster: "local", config, timeout: 10_000 });
  return async (manager, object) => {
    const answer = await send({ method: "PATCH", path: pathOf(object), query: { fieldManager: manager, force: "true" }, apply: object });
    if (answer.status >= 300) throw new Error(`${manager} could not apply: ${JSON.stringify(answer.body)}`);
  };
}

const plurals: Readonly<Record<string, string>> = { ConfigMap: "configmaps", Deployment: "deployments" };

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  return `${root}/namespaces/${metadata.namespace}/${plurals[kind]}/${metadata.name}`;
}
