import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { aCluster } from "@promoter/local-cloud/internal/test/kubernetes/a-cluster.ts";
import { rawRequests } from "@promoter/local-cloud/internal/test/kubernetes/raw-requests.ts";
import { describe } from "vitest";
import { kubernetesCluster } from "../../src/adapters/kubernetes/cluster.ts";
import { realCluster } from "../cluster/real-cluster.ts";
import { adoptionContract } from "./adoption.contract.ts";

adoptionContract("the local cluster", async () => {
  const local = await aCluster();
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "local", server: local.server, skipTLSVerify: true },
    { name: "somebody" },
  );
  return {
    cluster: kubernetesCluster({
      cluster: "local",
      config,
      timeout: 10_000,
      permit: () => undefined,
    }),
    namespace: "default",
    ask: ({ method, path, ...rest }) => local.send(method, path, rest),
    close: () => local.stop(),
  };
});

const context = process.env["KUBECONFIG"] ? process.env["PROMOTER_TEST_CONTEXT"] : undefined;
describe.skipIf(!context)("with PROMOTER_TEST_CONTEXT", () => {
  adoptionContract(`the context ${context}`, async () => {
    const real = await realCluster(context ?? "");
    return { ...real, ask: rawRequests(context ?? "") };
  });
});
