import { afterEach, beforeEach, expect, it } from "vitest";
import type { Pulled } from "../../kubernetes/nodes/kubelet.ts";
import { aCluster, type ACluster, aDeployment } from "./a-cluster.ts";

// Words: kubernetes/kubernetes pkg/registry/core/pod/strategy.go and pkg/kubelet/kubelet_pods.go

const image = "registry.example/web:1.0.0";

let cluster: ACluster;
let pulled: Pulled;
beforeEach(async () => {
  pulled = { kind: "ok" };
  cluster = await aCluster({ pullImage: () => Promise.resolve(pulled) });
});
afterEach(() => cluster.stop());

async function log(query = ""): Promise<{ readonly code: number; readonly said: unknown }> {
  const [pod] = cluster.kubernetes.objects("Pod", "default") as readonly {
    readonly metadata: { readonly name: string };
  }[];
  const path = `/api/v1/namespaces/default/pods/${pod?.metadata.name}/log?${query}`;
  const { code, body } = await cluster.send("GET", path);
  const said = typeof body === "string" ? body : (body.message as unknown);
  return { code, said: String(said).replaceAll(/web-\w+-\w+/g, "web") };
}

it("a container that runs has written that it started", async () => {
  await cluster.apply(aDeployment({ spec: { replicas: 1 } }));
  await cluster.advance(5000);
  expect(await log()).toEqual({ code: 200, said: `started ${image}\n` });
  expect(await log("container=app")).toEqual({ code: 200, said: `started ${image}\n` });
});

it("a container that crashed has left its last words, also while its next one runs", async () => {
  const message = "no such file: /etc/app";
  cluster.kubernetes.behave(image, { kind: "crash", exitCode: 1, message, after: 1000 });
  await cluster.apply(aDeployment({ spec: { replicas: 1 } }));
  await cluster.advance(1500);
  const whole = { code: 200, said: `started ${image}\n${message}\n` };
  expect(await log("previous=true")).toEqual(whole);
  expect(await log()).toEqual({ code: 200, said: `started ${image}\n` });
  await cluster.advance(4000);
  expect(await log()).toEqual(whole);
  expect(await log("tailLines=1")).toEqual({ code: 200, said: `${message}\n` });
  expect(await log("tailLines=0")).toEqual({ code: 200, said: "" });
  expect(await log("limitBytes=7")).toEqual({ code: 200, said: "started" });
});

it("a container without last words says with which code it ended", async () => {
  cluster.kubernetes.behave(image, { kind: "crash", exitCode: 137 });
  await cluster.apply(aDeployment({ spec: { replicas: 1 } }));
  await cluster.advance(5000);
  expect(await log("tailLines=1")).toEqual({ code: 200, said: "ended with exit code 137\n" });
});

it("a log that is not there is refused in the words of the kubelet and the server", async () => {
  pulled = { kind: "error", reason: "ErrImagePull", message: "not found" };
  await cluster.apply(
    aDeployment({
      spec: {
        replicas: 1,
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            initContainers: [{ name: "first", image }],
            containers: [
              { name: "app", image },
              { name: "side", image },
            ],
          },
        },
      },
    }),
  );
  await cluster.advance(5000);
  const words = {
    "": "a container name must be specified for pod web, choose one of: [first app side]",
    "container=other": "container other is not valid for pod web",
    "container=first": 'container "first" in pod "web" is not available',
    "container=app":
      'container "app" in pod "web" is waiting to start: trying and failing to pull image',
    "container=app&previous=true": 'previous terminated container "app" in pod "web" not found',
    "container=app&tailLines=x": 'strconv.ParseInt: parsing "x": invalid syntax',
    "container=app&follow=true":
      "the local cloud does not support logs that are followed: nothing that the promoter ships uses it",
  };
  for (const [query, said] of Object.entries(words)) {
    expect({ query, ...(await log(query)) }).toEqual({ query, code: 400, said });
  }
  expect(await log("container=app&tailLines=-1&limitBytes=0")).toEqual({
    code: 422,
    said: 'PodLogOptions "web" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]',
  });
});
