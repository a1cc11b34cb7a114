import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster } from "../unit/local/kubernetes/a-cluster.ts";
import { comparable } from "./comparable.ts";
import { rawRequests, type RawAnswer, type RawRequest } from "./raw-requests.ts";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { conversations, discovery, type Step } from "./conversations.ts";
import { context } from "./start-control-plane.ts";

// The local Kubernetes API answers as the real one does, status, body and warning, to the same requests in the same order.

let real: RealCluster;
let local: ACluster;
let ask: (given: RawRequest) => Promise<RawAnswer>;
beforeEach(async () => {
  real = await realCluster(context);
  local = await aCluster();
  ask = rawRequests(context);
  await local.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: real.namespace } });
});
afterEach(async () => {
  await local.stop();
  await real.close();
});

async function both(step: Step): Promise<readonly [real: unknown, local: unknown]> {
  const { method, path, ...rest } = JSON.parse(JSON.stringify(step).replaceAll("<ns>", real.namespace)) as Step;
  const here = await local.send(method, path, rest);
  return [comparable(await ask({ method, path, ...rest })), comparable(here)];
}

describe("the local Kubernetes API answers like a real one", () => {
  it.each(Object.entries(conversations))("%s", async (_, steps) => {
    for (const step of steps) {
      const [expected, given] = await both(step);
      expect(given, `${step.method} ${step.path}`).toEqual(expected);
    }
  });

  it.each(discovery)("when it tells of the kinds of %s", async (path) => {
    const theirs = entriesOf((await ask({ method: "GET", path })).body);
    const ours = entriesOf((await local.send("GET", path)).body);
    expect(Object.keys(ours).length).toBeGreaterThan(0);
    for (const [name, entry] of Object.entries(ours)) expect(entry).toEqual(theirs[name]);
  });
});

function entriesOf(document: unknown): Readonly<Record<string, unknown>> {
  const { resources } = document as { readonly resources: readonly { readonly name: string }[] };
  return Object.fromEntries(resources.map((one) => [one.name, comparable(one)]));
}
