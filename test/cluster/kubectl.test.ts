import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createStandIn } from "@promoter/local-cloud/internal/kubernetes/stand-in/create-stand-in.ts";
import {
  aCluster,
  type ACluster,
} from "@promoter/local-cloud/internal/test/kubernetes/a-cluster.ts";
import { anywhere } from "@promoter/local-cloud/internal/test/kubernetes/comparable.ts";
import { rawRequests } from "@promoter/local-cloud/internal/test/kubernetes/raw-requests.ts";
import {
  standing,
  widget,
  widgetDefinition,
} from "@promoter/local-cloud/internal/test/kubernetes/stand-in.fixtures.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPrograms } from "./find-programs.ts";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// What kubectl says and how it ends is the same on both servers.

const kubectl = findPrograms(process.env).kubectl;
const run = promisify(execFile);

interface Said {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

let real: RealCluster;
let local: ACluster;
let folder: string;
beforeEach(async () => {
  real = await realCluster(context);
  local = await aCluster();
  folder = await mkdtemp(join(tmpdir(), "promoter-kubectl-"));
  await local.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: real.namespace } });
});
afterEach(async () => {
  await local.stop();
  await real.close();
  await rm(folder, { recursive: true, force: true });
});

async function say(server: readonly string[], words: readonly string[]): Promise<Said> {
  const place = server.length > 0 ? "local" : "real";
  const env = { ...process.env, HOME: join(folder, place) };
  const options = { env, timeout: 30_000 };
  const asked = [...server, "--namespace", real.namespace, ...words];
  const { code, stdout, stderr } = await run(kubectl ?? "", asked, options).then(
    (done) => ({ code: 0, ...done }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  return { code, out: comparableText(stdout), complaint: comparableText(stderr) };
}

async function both(...words: readonly string[]): Promise<Said> {
  const there = await say([], words);
  const here = await say(["--server", local.server], words);
  expect({ words, ...here }).toEqual({ words, ...there });
  return here;
}

/** Without names of temporary files, times, identities, and what it says while it waits. */
function comparableText(text: string): string {
  const told = text
    .replaceAll(/^Waiting for .*\n/gm, "")
    .replaceAll(/(LIVE|MERGED)-\d+/g, "$1")
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| \+0000)/g, "<time>")
    .replaceAll(/(resourceVersion: )"\d+"/g, '$1"<version>"');
  return String(anywhere(told, real.namespace));
}

async function file(name: string, ...objects: readonly object[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, objects.map((one) => JSON.stringify(one)).join("\n---\n"));
  return path;
}

const settings = (data: object, rest: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: real.namespace },
  data,
  ...rest,
});
const web = (replicas: number): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: real.namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "registry.example/web:1" }] },
    },
  },
});

describe.skipIf(kubectl === undefined)("kubectl", () => {
  it("applies, compares, reads and deletes", async () => {
    const first = await file("first.yaml", settings({ a: "1" }), web(0));
    expect(await both("diff", "--server-side", "-f", first)).toMatchObject({ code: 1 });
    expect(await both("apply", "--server-side", "-f", first)).toMatchObject({ code: 0 });
    expect(await both("apply", "--server-side", "-f", first)).toMatchObject({ code: 0 });
    expect(await both("diff", "--server-side", "-f", first)).toMatchObject({ code: 0, out: "" });
    const second = await file("second.yaml", settings({ a: "2" }), web(0));
    expect((await both("diff", "--server-side", "-f", second)).out).toContain('+  a: "2"');
    await both("get", "configmap/settings", "-o", "yaml");
    await both("get", "configmap,deployment", "-o", "name");
    await both("get", "deployment/web", "-o", "jsonpath={.spec}");
    await both("delete", "-f", first);
    expect(await both("get", "configmap/settings")).toMatchObject({ code: 1 });
  });

  it("applies from its own side, and changes by hand what is there", async () => {
    const first = await file("first.yaml", settings({ a: "1", b: "1" }), web(0));
    expect(await both("apply", "-f", first)).toMatchObject({ code: 0 });
    const second = await file("second.yaml", settings({ a: "2" }), web(0));
    expect((await both("diff", "-f", second)).out).toContain('+  a: "2"');
    expect(await both("apply", "-f", second)).toMatchObject({ code: 0 });
    const whole = ["-o", "yaml", "--show-managed-fields"];
    expect((await both("get", "configmap/settings", ...whole)).out).not.toContain("f:b:");
    await both("label", "configmap/settings", "tier=web");
    await both("set", "image", "deployment/web", "app=registry.example/web:2");
    await both("set", "env", "deployment/web", "COLOUR=red");
    await both("scale", "deployment/web", "--replicas=0");
    expect((await both("get", "deployment/web", "-o", "jsonpath={.spec}")).out).toContain("web:2");
    expect(await both("apply", "-f", first)).toMatchObject({ code: 0 });
    await both("get", "deployment/web", "-o", "jsonpath={.spec}");
    expect(await both("apply", "--server-side", "-f", first)).toMatchObject({ code: 0 });
    await both("get", "configmap/settings", "-o", "yaml");
  });

  it("is told of unknown fields and conflicts", async () => {
    await both("apply", "--server-side", "-f", await file("a.yaml", settings({ a: "1" })));
    const wrong = await file("wrong.yaml", settings({}, { dta: {} }));
    expect(await both("apply", "--server-side", "-f", wrong)).toMatchObject({ code: 1 });
    const other = await file("other.yaml", settings({ a: "2" }));
    const asOther = ["apply", "--server-side", "--field-manager=other", "-f", other];
    expect((await both(...asOther)).complaint).toContain("conflict");
    expect(await both(...asOther, "--force-conflicts")).toMatchObject({ code: 0 });
  });

  it("waits for what a stand-in makes ready, a custom resource among it", async () => {
    const group = `${real.namespace}.example.com`;
    const definition = await file("definition.yaml", widgetDefinition(group));
    await both("apply", "--server-side", "-f", definition);
    await both("wait", "--for=condition=Established", `crd/widgets.${group}`);
    const objects = [...Object.values(standing(real.namespace)), widget(group, real.namespace)];
    await both("apply", "--server-side", "-f", await file("objects.yaml", ...objects));
    await lookInBoth();
    await both("rollout", "status", "statefulset/one", "--timeout=10s");
    await both("rollout", "status", "daemonset/one", "--timeout=10s");
    await both("wait", "--for=condition=Complete", "job/one", "--timeout=10s");
    await both("wait", "--for=condition=Ready", `widgets.${group}/one`, "--timeout=10s");
    expect(await both("get", `widgets.${group}`, "-o", "name")).toMatchObject({
      code: 0,
      out: "widget.<ns>.example.com/one\n",
    });
    await both("delete", "--wait=false", "-f", definition);
  });

  it("waits for a Deployment", async () => {
    await both("apply", "--server-side", "-f", await file("web.yaml", web(0)));
    await local.advance(5000);
    expect(await both("rollout", "status", "deployment/web", "--timeout=20s")).toMatchObject({
      code: 0,
    });
  });
});

async function lookInBoth(): Promise<void> {
  const ask = rawRequests(context);
  const standIn = createStandIn({
    nodes: 1,
    now: Date.now,
    verdictOf: () => "ready",
    async ask(method, path, body) {
      const type = "application/merge-patch+json";
      const answer = await ask({ method, path, ...(body ? { body, type } : {}) });
      return { code: answer.code, body: answer.body as never };
    },
  });
  await standIn.look();
  await local.advance(5000);
}
