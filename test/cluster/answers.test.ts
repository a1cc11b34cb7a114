import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import {
  aCluster,
  type ACluster,
} from "@promoter/local-cloud/internal/test/kubernetes/a-cluster.ts";
import { anywhere, comparable } from "@promoter/local-cloud/internal/test/kubernetes/comparable.ts";
import {
  conversations,
  discovery,
  inNamespace,
  recordedAnswers,
} from "@promoter/local-cloud/internal/test/kubernetes/conversations.ts";
import {
  rawRequests,
  type RawAnswer,
  type RawRequest,
} from "@promoter/local-cloud/internal/test/kubernetes/raw-requests.ts";
import type { Step } from "@promoter/local-cloud/internal/test/kubernetes/steps.ts";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { realCluster, type RealCluster } from "./real-cluster.ts";
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
  const { method, path, isPatient, ...rest } = inNamespace(step, real.namespace);
  const here = await local.send(method, path, rest);
  const there = (): Promise<RawAnswer> => ask({ method, path, ...rest });
  if (isPatient) await untilServed(there);
  return [anywhere(await there(), real.namespace), anywhere(here, real.namespace)];
}

async function untilServed(there: () => Promise<RawAnswer>): Promise<void> {
  for (let tries = 0; tries < 200 && (await there()).code !== 200; tries++) {
    await wait(100);
  }
}

const recording = process.env["RECORD_ANSWERS"] ? new Map<string, unknown[]>() : undefined;
afterAll(() => {
  if (recording) {
    writeFileSync(
      recordedAnswers,
      `{\n${[...recording].map(([name, answers]) => `${JSON.stringify(name)}: [\n${answers.map((one) => JSON.stringify(one)).join(",\n")}\n]`).join(",\n")}\n}\n`,
    );
  }
});

describe("the local Kubernetes API answers like a real one", () => {
  it.each(Object.entries(conversations))("%s", async (name, steps) => {
    for (const step of steps) {
      const [expected, given] = await both(step);
      recording?.set(name, [...(recording.get(name) ?? []), expected]);
      expect(given, `${step.method} ${step.path}`).toEqual(expected);
    }
  });

  it.each(discovery)("when it tells of the kinds of %s", async (path) => {
    const theirs = entriesOf((await ask({ method: "GET", path })).body);
    const ours = entriesOf((await local.send("GET", path)).body);
    for (const [name, entry] of Object.entries(ours)) expect(entry).toEqual(theirs[name]);
    const stored = Object.keys(theirs).filter(
      (name) => !name.includes("/") && isStored(theirs[name]),
    );
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(stored));
  });
});

it("the local version document has the fields of the real one, and its version", async () => {
  expect(await version(local.send("GET", "/version"))).toEqual(
    await version(ask({ method: "GET", path: "/version" })),
  );
});

async function version(answer: Promise<{ readonly body: unknown }>): Promise<object> {
  const { body } = await answer;
  const changing = { gitCommit: "", gitTreeState: "", buildDate: "", goVersion: "", platform: "" };
  return { ...(body as object), ...changing };
}

/** Reviews and bindings are answered at once, and the statuses of components are nobody's to write. */
function isStored(entry: unknown): boolean {
  const { verbs } = entry as { readonly verbs: readonly string[] };
  return verbs.includes("list") && verbs.includes("create");
}

function entriesOf(document: unknown): Readonly<Record<string, unknown>> {
  const { resources } = document as { readonly resources: readonly { readonly name: string }[] };
  return Object.fromEntries(resources.map((one) => [one.name, comparable(one)]));
}
