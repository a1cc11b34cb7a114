import { deployment, deployments, rich, web } from "./deployment.fixtures.ts";
import { apply, get, type Step } from "./steps.ts";

/** What kubectl sends when it applies from its own side, sets and edits. */
export const patchConversations: Readonly<Record<string, readonly Step[]>> = {
  "when a Deployment is patched as kubectl does it": [
    apply(
      deployment,
      web({
        container: {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
            { name: "C", value: "3" },
          ],
          args: ["x", "y"],
        },
        pod: { volumes: [{ name: "v", emptyDir: {} }] },
      }),
    ),
    ...[
      {
        spec: {
          template: { spec: { containers: [{ name: "app", image: "registry.example/web:2" }] } },
        },
      },
      {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "app",
                  env: [
                    { name: "B", $patch: "delete" },
                    { name: "D", value: "4" },
                  ],
                },
              ],
            },
          },
        },
      },
      {
        spec: {
          template: {
            spec: {
              "$setElementOrder/containers": [{ name: "side" }, { name: "app" }],
              containers: [
                { name: "side", image: "registry.example/side:1" },
                {
                  name: "app",
                  "$setElementOrder/env": [{ name: "C" }, { name: "A" }],
                  env: [{ name: "A", value: "5" }],
                },
              ],
            },
          },
        },
      },
      {
        spec: {
          template: {
            spec: {
              volumes: [
                { name: "v", $retainKeys: ["name", "configMap"], configMap: { name: "settings" } },
              ],
            },
          },
        },
      },
      {
        spec: {
          template: {
            spec: {
              containers: [
                { name: "app", args: ["z"] },
                { name: "side", $patch: "delete" },
              ],
            },
          },
        },
      },
      {
        metadata: { labels: { a: "b" }, finalizers: ["x.example/y"] },
        spec: { minReadySeconds: 3 },
      },
      {
        metadata: { labels: { a: null }, finalizers: ["x.example/z"] },
        spec: { minReadySeconds: null },
      },
      { metadata: { "$deleteFromPrimitiveList/finalizers": ["x.example/y", "x.example/z"] } },
      { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
    ].map((body): Step => ({
      method: "PATCH",
      path: `${deployment}?fieldManager=kubectl-patch`,
      body,
      type: "application/strategic-merge-patch+json",
    })),
  ],
  "when a Deployment with everything is posted": [
    { method: "POST", path: `${deployments}?fieldManager=kubectl-client-side-apply`, body: rich },
    apply(deployment, rich),
    get(deployment),
  ],
};
