import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { connectReviews } from "../../cli/access/connect-reviews.ts";
import { clusterAccess } from "../../cli/commands/cluster-access.ts";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { connectReal, realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// What `cluster-access` prints is enough for the functions, and for nothing else, where RBAC decides.

const write = { dryRun: false, force: false };

let real: RealCluster;
let folder: string;
let wide: string;
beforeEach(async () => {
  real = await realCluster(context);
  wide = `${real.namespace}-wide`;
  folder = await mkdtemp(join(tmpdir(), "promoter-access-"));
  await writeFile(join(folder, "promoter.yml"), configuration());
  const objects = anApplication().map((object) => JSON.stringify(object));
  await writeFile(join(folder, "objects.yaml"), objects.join("\n---\n"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  for (const object of anApplication().toReversed()) await real.cluster.remove(refOf(object));
  await real.close();
});

const configuration = (): string => `registry: { account: "111122223333", region: eu-west-1 }
clusters: { real: { context: ${context} } }
applications:
  shop:
    images: [shop]
    source: { tag: "dev-{version}", order: semver }
    environments:
      test:
        tags: { release: "test-{version}" }
        podSpec:
          cluster: real
          namespace: ${real.namespace}
          files: .
          kinds: [Secret, PriorityClass, ClusterRole, ClusterRoleBinding]
`;

const rbac = "rbac.authorization.k8s.io";

function anApplication(): readonly KubernetesObject[] {
  const metadata = { name: "shop", namespace: real.namespace };
  const labels = { app: "shop" };
  const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop";
  const rules = [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }];
  const subjects = [{ kind: "ServiceAccount", name: "shop", namespace: real.namespace }];
  const bound = (kind: string, name: string): object => ({
    subjects,
    roleRef: { apiGroup: rbac, kind, name },
  });
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata },
    { apiVersion: "v1", kind: "Secret", metadata },
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules },
    { apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata, ...bound("ClusterRole", "view") },
    { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: wide }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: wide },
      ...bound("ClusterRole", wide),
    },
    {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: wide },
      value: 1,
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "shop", image }] } },
      },
    },
  ];
}

async function access(
  form?: "check",
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const lines: string[] = [];
  const exitCode = await clusterAccess(
    { root: folder, config: "promoter.yml", cluster: "real", stage: "test", ...(form && { form }) },
    {
      line: (text = "") => void lines.push(text),
      error: () => undefined,
      style: (_, text) => text,
      interactive: false,
    },
    connectReviews,
  );
  return { text: lines.join("\n"), exitCode };
}

async function grant(): Promise<void> {
  for (const document of parseAllDocuments((await access()).text)) {
    await real.cluster.apply(document.toJS() as KubernetesObject, write);
  }
}

it("--check finds everything missing before the roles are applied, and nothing afterwards", async () => {
  const before = await access("check");
  expect(before.exitCode).toBe(1);
  expect(before.text).toContain(
    `promoter:readers may not list pods in namespace ${real.namespace}`,
  );
  expect(before.text).toMatch(/^(\d+) of \1 rights are missing/m);
  await grant();
  expect(await access("check")).toMatchObject({ exitCode: 0 });
});

it("a member of the writers plans, applies and removes the objects, and nothing else", async () => {
  await grant();
  const writers = await connectReal("promoter:writers");
  const objects = anApplication();
  for (const object of objects) await writers.apply(object, { ...write, dryRun: true });
  for (const object of objects) await writers.apply(object, write);
  for (const object of objects) expect(await writers.read(refOf(object))).toBeDefined();
  for (const object of objects.toReversed()) await writers.remove(refOf(object));

  const others = [
    { apiVersion: "v1", kind: "Secret", metadata: { name: "other", namespace: real.namespace } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "shop", namespace: "default" } },
    { apiVersion: "v1", kind: "Service", metadata: { name: "shop", namespace: real.namespace } },
    {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "x" },
      value: 1,
    },
  ];
  for (const object of others) {
    await expect(writers.apply(object, write)).rejects.toThrow(/is forbidden: .* cannot patch/);
  }
  const admin = { apiVersion: `${rbac}/v1`, kind: "RoleBinding" };
  await expect(
    writers.apply(
      {
        ...admin,
        metadata: { name: "shop", namespace: real.namespace },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      },
      write,
    ),
  ).rejects.toThrow("is forbidden");
});

it("a member of the readers reads the workload and its pods, and no Secret", async () => {
  await grant();
  for (const object of anApplication()) await real.cluster.apply(object, write);
  const readers = await connectReal("promoter:readers");
  const metadata = { name: "shop", namespace: real.namespace };
  expect(
    await readers.read(refOf({ apiVersion: "apps/v1", kind: "Deployment", metadata })),
  ).toBeDefined();
  expect(await readers.readPods(real.namespace, "app=shop")).toEqual([]);
  await expect(readers.read(refOf({ apiVersion: "v1", kind: "Secret", metadata }))).rejects.toThrow(
    "cannot get",
  );
  await expect(
    readers.apply({ apiVersion: "v1", kind: "ConfigMap", metadata }, write),
  ).rejects.toThrow("cannot patch");
});
