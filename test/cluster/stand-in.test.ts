import { createStandIn } from "@promoter/local-cloud/internal/kubernetes/stand-in/create-stand-in.ts";
import type { Verdict } from "@promoter/local-cloud/internal/kubernetes/stand-in/workload-status.ts";
import { aCluster } from "@promoter/local-cloud/internal/test/kubernetes/a-cluster.ts";
import { anywhere } from "@promoter/local-cloud/internal/test/kubernetes/comparable.ts";
import {
  rawRequests,
  type RawAnswer,
} from "@promoter/local-cloud/internal/test/kubernetes/raw-requests.ts";
import {
  standing,
  widget,
  widgetDefinition,
} from "@promoter/local-cloud/internal/test/kubernetes/stand-in.fixtures.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// The same stand-in plays the controllers that neither server has: a real one without nodes runs no pods.

let real: RealCluster;
beforeEach(async () => void (real = await realCluster(context)));
afterEach(() => real.close());

const nodes = 2;
const linux = { os: "linux", architecture: "amd64" };
const type = "application/apply-patch+yaml";

/**
 * How many objects the real cluster has beside ours does not matter: their statuses are written
 * too.
 */
async function look(verdict: Verdict): Promise<void> {
  const ask = rawRequests(context);
  const refused: unknown[] = [];
  const standIn = createStandIn({
    nodes,
    now: Date.now,
    verdictOf: () => verdict,
    async ask(method, path, body) {
      const { code, body: answer } = await ask({
        method,
        path,
        ...(body ? { body, type: "application/merge-patch+json" } : {}),
      });
      if (code >= 300) refused.push(answer);
      return { code, body: answer as never };
    },
  });
  await standIn.look();
  expect(refused).toEqual([]);
}

async function inBoth(
  objects: Readonly<Record<string, object>>,
  verdict: Verdict,
): Promise<readonly [real: unknown, local: unknown]> {
  const ask = rawRequests(context);
  const local = await aCluster({ nodes: [linux, linux] });
  try {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: real.namespace } };
    await local.apply(namespace);
    for (const [path, body] of Object.entries(objects)) {
      const { kind } = body as { readonly kind: string };
      local.kubernetes.stand(`${kind}/one`, real.namespace, verdict);
      const query = "fieldManager=promoter";
      expect(
        (await untilServed(() => ask({ method: "PATCH", path: `${path}?${query}`, body, type })))
          .code,
      ).toBe(201);
      expect((await local.send("PATCH", `${path}?${query}`, { body, type })).code).toBe(201);
    }
    await look(verdict);
    await local.advance(10_000);
    const paths = Object.keys(objects).filter((path) => !path.includes("definitions"));
    const statuses = async (send: (path: string) => Promise<{ readonly body: unknown }>) =>
      Promise.all(paths.map(async (path) => statusOf((await send(path)).body)));
    return [
      await statuses((path) => ask({ method: "GET", path })),
      await statuses((path) => local.send("GET", path)),
    ];
  } finally {
    await local.stop();
  }
}

async function untilServed(send: () => Promise<RawAnswer>): Promise<RawAnswer> {
  for (;;) {
    const answer = await send();
    if (answer.code !== 404) return answer;
  }
}

/** Times and what a template hashes to differ. */
function statusOf(object: unknown): unknown {
  const { status = {} } = object as { readonly status?: object };
  const told = JSON.stringify(anywhere(status, real.namespace));
  const revision = /"one-\w+"/g;
  const time = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;
  return JSON.parse(
    told.replaceAll(revision, '"<revision>"').replaceAll(time, '"<time>"'),
  ) as unknown;
}

it.each<[Verdict]>([["ready"], ["not-ready"], ["failed"]])(
  "statuses that are %s are the same on both servers, which take them",
  async (verdict) => {
    const group = `${real.namespace}.example.com`;
    const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`;
    const objects = {
      ...standing(real.namespace),
      [definition]: widgetDefinition(group),
      [`/apis/${group}/v1/namespaces/${real.namespace}/widgets/one`]: widget(group, real.namespace),
    };
    const [there, here] = await inBoth(objects, verdict);
    expect(here).toEqual(there);
    await rawRequests(context)({ method: "DELETE", path: definition });
  },
);
