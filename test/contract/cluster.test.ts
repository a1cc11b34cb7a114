import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { virtualClock } from "@promoter/local-cloud/clock";
import { describe } from "vitest";
import {
  kubernetesRequests,
  type SendRequest,
} from "../../src/adapters/kubernetes/kubernetes-request.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { realCluster } from "../cluster/real-cluster.ts";
import { fakeCluster } from "../fakes/cluster.ts";
import { apiServerContract } from "./api-server.contract.ts";
import { clusterContract, type ClusterWorld } from "./cluster.contract.ts";
import { localCluster } from "./cluster.fixtures.ts";
import { everyKindContract } from "./every-kind.contract.ts";

clusterContract("the fake", async () => {
  const cluster = fakeCluster({ clock: virtualClock() });
  return {
    cluster,
    namespace: "default",
    applyAs: async (manager, object) => cluster.applyAs(manager, object),
    close: async () => undefined,
  };
});

async function localWorld(): Promise<ClusterWorld> {
  const local = await localCluster();
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "local", server: local.server, skipTLSVerify: true },
    { name: "somebody" },
  );
  const cluster = await local.clusters.connect("prod");
  return {
    cluster,
    namespace: "default",
    applyAs: otherManager(
      kubernetesRequests({ cluster: "local", config, timeout: 10_000, permit: () => undefined }),
    ),
    settle: () => local.advance(1000),
    close: () => local.close(),
  };
}

clusterContract("the Kubernetes API behind EKS", localWorld);
apiServerContract("the Kubernetes API behind EKS", localWorld);
everyKindContract("the Kubernetes API behind EKS", localWorld);

/**
 * A real API server: `npm run test:cluster` starts one; a cluster: `KUBECONFIG=…
 * PROMOTER_TEST_CONTEXT=kind-promoter npx vitest run test/contract/cluster.test.ts`.
 */
const context = process.env["KUBECONFIG"] ? process.env["PROMOTER_TEST_CONTEXT"] : undefined;
describe.skipIf(!context)("with PROMOTER_TEST_CONTEXT", () => {
  clusterContract(`the context ${context}`, () => realWorld(context ?? ""));
  apiServerContract(`the context ${context}`, () => realWorld(context ?? ""));
  everyKindContract(`the context ${context}`, () => realWorld(context ?? ""));
});

async function realWorld(name: string): Promise<ClusterWorld> {
  const real = await realCluster(name);
  return { ...real, applyAs: otherManager(real.send) };
}

function otherManager(
  send: SendRequest,
): (manager: string, object: KubernetesObject) => Promise<void> {
  return async (manager, object) => {
    const answer = await send({
      method: "PATCH",
      path: pathOf(object),
      query: { fieldManager: manager, force: "true" },
      apply: object,
    });
    if (answer.status >= 300) {
      throw new Error(`${manager} could not apply: ${JSON.stringify(answer.body)}`);
    }
  };
}

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: "configmaps",
  Deployment: "deployments",
};

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  return `${root}/namespaces/${metadata.namespace}/${plurals[kind]}/${metadata.name}`;
}
