import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster, aConfigMap, aDeployment, deploymentPath } from "./a-cluster.ts";

let cluster: ACluster;
beforeEach(async () => void (cluster = await aCluster()));
afterEach(() => cluster.stop());

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const configMaps = "/api/v1/namespaces/default/configmaps";

async function names(query: string): Promise<string[]> {
  const { body } = await cluster.send("GET", `${configMaps}?${query}`);
  return body.items.map((entry: { metadata: { name: string } }) => entry.metadata.name);
}

function config(): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: "test", server: cluster.server, skipTLSVerify: true },
    { name: "test", token: "any" },
  );
  return kubeConfig;
}

function operation(method: string, path: string): unknown {
  const url = new URL(path, "http://local");
  const caller = { accessKeyId: undefined, role: undefined, functionName: undefined };
  return cluster.kubernetes.operation({
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: {},
    body: Buffer.alloc(0),
    caller,
  });
}

describe("validation", () => {
  // Texts: kubernetes/kubernetes pkg/apis/{apps,core}/validation/validation.go
  it.each([
    {
      what: "an image",
      object: aDeployment({ container: { image: "" } }),
      field: "spec.template.spec.containers[0].image",
      message: "Required value",
    },
    {
      what: "a selector",
      object: aDeployment({ spec: { selector: undefined } }),
      field: "spec.selector",
      message: "Required value",
    },
    {
      what: "labels that the selector finds",
      object: aDeployment({ spec: { selector: { matchLabels: { app: "other" } } } }),
      field: "spec.template.metadata.labels",
      message: 'Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    },
    {
      what: "replicas that are not negative",
      object: aDeployment({ spec: { replicas: -1 } }),
      field: "spec.replicas",
      message: "Invalid value: -1: must be greater than or equal to 0",
    },
    {
      what: "volumes that exist",
      object: aDeployment({ container: { volumeMounts: [{ name: "data", mountPath: "/data" }] } }),
      field: "spec.template.spec.containers[0].volumeMounts[0].name",
      message: 'Not found: "data"',
    },
    {
      what: "a pull policy that exists",
      object: aDeployment({ container: { imagePullPolicy: "Sometimes" } }),
      field: "spec.template.spec.containers[0].imagePullPolicy",
      message:
        'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    },
    {
      what: "a port",
      object: aDeployment({ container: { ports: [{ containerPort: 70_000 }] } }),
      field: "spec.template.spec.containers[0].ports[0].containerPort",
      message: "Invalid value: 70000: must be between 1 and 65535, inclusive",
    },
  ])("needs $what", async ({ object, field, message }) => {
    const { code, body } = await cluster.send("POST", deployments, { body: object });
    expect([code, body.reason, body.details.kind]).toEqual([422, "Invalid", "Deployment"]);
    expect(body.details.causes).toContainEqual(expect.objectContaining({ field, message }));
    expect(body.message).toContain('Deployment.apps "web" is invalid: ');
  });

  it("refuses another selector", async () => {
    await cluster.send("POST", deployments, { body: aDeployment() });
    const other = aDeployment({ spec: { selector: { matchLabels: { app: "web", tier: "a" } } } });
    other.spec.template.metadata.labels.tier = "a";
    const { code, body } = await cluster.send("PUT", deploymentPath, { body: other });
    expect([code, body.details.causes[0].field, body.details.causes[0].message]).toEqual([
      422,
      "spec.selector",
      expect.stringMatching(/: field is immutable$/),
    ]);
  });

  it("refuses a name that is not of DNS", async () => {
    const object = aConfigMap({});
    object.metadata.name = "Big_Name";
    const { body } = await cluster.send("POST", configMaps, { body: object });
    expect(body.message).toMatch(
      /^ConfigMap "Big_Name" is invalid: metadata.name: Invalid value: "Big_Name": a lowercase RFC 1123 subdomain must consist of/,
    );
  });

  it.each([
    {
      level: "Strict",
      code: 400,
      warning: null,
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.brandNew"',
    },
    {
      level: "Warn",
      code: 201,
      warning: '299 - "unknown field \\"spec.brandNew\\""',
      message: undefined,
    },
    { level: "Ignore", code: 201, warning: null, message: undefined },
  ])(
    "treats an unknown field with $level as the page of the API says",
    async ({ level, code, warning, message }) => {
      const answered = await cluster.send("POST", `${deployments}?fieldValidation=${level}`, {
        body: aDeployment({ spec: { brandNew: 1 } }),
      });
      expect([answered.code, answered.warning]).toEqual([code, warning]);
      expect(answered.body.spec?.brandNew ?? answered.body.message).toBe(message);
    },
  );

  it("refuses a value of the wrong type", async () => {
    const { code, body } = await cluster.send("POST", deployments, {
      body: aDeployment({ spec: { replicas: "two" } }),
    });
    expect([code, body.reason]).toEqual([400, "BadRequest"]);
    expect(body.message).toContain(
      "cannot unmarshal string into Go struct field .spec.replicas of type int32",
    );
  });
});

describe("writes", () => {
  it("refuses what exists", async () => {
    await cluster.send("POST", configMaps, { body: aConfigMap({}) });
    expect((await cluster.send("POST", configMaps, { body: aConfigMap({}) })).body).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: 'configmaps "settings" already exists',
    });
  });

  it("refuses an update of an older version", async () => {
    const { body } = await cluster.send("POST", configMaps, { body: aConfigMap({ a: "1" }) });
    await cluster.send("PUT", `${configMaps}/settings`, { body: { ...body, data: { a: "2" } } });
    const late = await cluster.send("PUT", `${configMaps}/settings`, {
      body: { ...body, data: { a: "3" } },
    });
    expect(late.body).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it("keeps uid, creation time and status out of the hands of clients", async () => {
    const { body } = await cluster.send("POST", deployments, {
      body: { ...aDeployment(), status: { replicas: 9 } },
    });
    const { body: updated } = await cluster.send("PUT", deploymentPath, {
      body: {
        ...body,
        metadata: { ...body.metadata, creationTimestamp: "2020-01-01T00:00:00Z" },
        status: { replicas: 9 },
      },
    });
    expect([updated.metadata.creationTimestamp, updated.status]).toEqual([
      body.metadata.creationTimestamp,
      {},
    ]);
    const other = await cluster.send("PUT", deploymentPath, {
      body: { ...body, metadata: { ...body.metadata, uid: "mine" } },
    });
    expect([other.code, other.body.reason]).toEqual([409, "Conflict"]);
  });

  it("changes nothing but the status through the status", async () => {
    const { body } = await cluster.send("POST", deployments, { body: aDeployment() });
    const changed = { ...body, spec: { ...body.spec, replicas: 9 }, status: { replicas: 7 } };
    const { body: updated } = await cluster.send("PUT", `${deploymentPath}/status`, {
      body: changed,
    });
    expect([updated.spec.replicas, updated.status.replicas, updated.metadata.generation]).toEqual([
      2, 7, 1,
    ]);
  });

  it("takes a JSON patch, all of it or nothing", async () => {
    await cluster.send("POST", configMaps, { body: aConfigMap({ a: "1" }) });
    const type = "application/json-patch+json";
    const patch = [
      { op: "add", path: "/metadata/annotations", value: { "a/b": "1" } },
      { op: "replace", path: "/metadata/annotations/a~1b", value: "2" },
      { op: "remove", path: "/data/a" },
    ];
    const { body } = await cluster.send("PATCH", `${configMaps}/settings`, { body: patch, type });
    expect([body.metadata.annotations, body.data]).toEqual([{ "a/b": "2" }, undefined]);
    const failing = [
      { op: "remove", path: "/metadata/annotations" },
      { op: "test", path: "/kind", value: "Secret" },
    ];
    expect(
      (await cluster.send("PATCH", `${configMaps}/settings`, { body: failing, type })).code,
    ).toBe(422);
    expect((await cluster.send("GET", `${configMaps}/settings`)).body.metadata.annotations).toEqual(
      { "a/b": "2" },
    );
  });

  it("gives a Service an address that it keeps", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    };
    const first = await cluster.apply(service);
    expect(first.body.spec).toMatchObject({
      type: "ClusterIP",
      clusterIP: expect.stringMatching(/^10\.96\./),
      ports: [{ port: 80, targetPort: 80, protocol: "TCP" }],
    });
    const second = await cluster.apply({
      ...service,
      spec: { ...service.spec, ports: [{ port: 81 }] },
    });
    expect([second.body.spec.clusterIP, second.body.spec.ports.length]).toEqual([
      first.body.spec.clusterIP,
      1,
    ]);
  });

  it("refuses a strategic merge patch of a scale with the types it takes", async () => {
    await cluster.apply(aDeployment());
    const { code, body } = await cluster.send("PATCH", `${deploymentPath}/scale`, {
      body: {},
      type: "application/strategic-merge-patch+json",
    });
    expect([code, body.reason]).toEqual([415, "UnsupportedMediaType"]);
  });
});

it.each(["pods/exec", "pods/eviction", "serviceaccounts/token", "nodes/proxy"])(
  "refuses %s by name",
  async (what) => {
    const [plural, part] = what.split("/");
    const { code, body } = await cluster.send(
      "POST",
      `/api/v1/namespaces/default/${plural}/one/${part}`,
      { body: {} },
    );
    expect([code, body.message]).toEqual([
      400,
      `the local cloud does not support ${what}: nothing that the promoter ships uses it`,
    ]);
  },
);

describe("reads", () => {
  beforeEach(async () => {
    for (const [name, tier] of [
      ["a", "web"],
      ["b", "web"],
      ["c", "db"],
    ]) {
      await cluster.send("POST", configMaps, {
        body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { tier } } },
      });
    }
  });
  it.each([
    ["labelSelector=tier%3Dweb", ["a", "b"]],
    ["labelSelector=tier!%3Dweb", ["c"]],
    ["labelSelector=tier%20in%20(db,cache)", ["c"]],
    ["labelSelector=!tier", []],
    ["labelSelector=tier", ["a", "b", "c"]],
    ["fieldSelector=metadata.name%3Db", ["b"]],
  ])("lists by %s", async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it("lists in pages", async () => {
    const { body } = await cluster.send("GET", `${configMaps}?limit=2`);
    expect([body.kind, body.metadata.remainingItemCount, body.items.length]).toEqual([
      "ConfigMapList",
      1,
      2,
    ]);
    expect(await names(`limit=2&continue=${body.metadata.continue}`)).toEqual(["c"]);
  });

  it.each([
    ["GET", "/api/v1/namespaces/default/configmaps/none", 404, 'configmaps "none" not found'],
    [
      "GET",
      "/apis/apps/v1/namespaces/default/gadgets/x",
      404,
      "the server could not find the requested resource",
    ],
    [
      "DELETE",
      "/apis/apps/v1/namespaces/default/deployments/x",
      404,
      'deployments.apps "x" not found',
    ],
    [
      "DELETE",
      "/api/v1/namespaces/default",
      403,
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ],
    [
      "POST",
      "/apis/apps/v1/namespaces/default/deployments/x",
      405,
      "the server does not allow this method on the requested resource",
    ],
  ])("answers %s %s with %i", async (method, path, code, message) => {
    expect((await cluster.send(method, path)).body).toMatchObject({
      kind: "Status",
      status: "Failure",
      code,
      message,
    });
  });
});

describe("who may do what", () => {
  it("answers 401 to an unknown token", async () => {
    await cluster.stop();
    cluster = await aCluster({
      authenticate: (token) => (token === "good" ? { user: "deployer" } : undefined),
    });
    expect((await cluster.send("GET", configMaps, { token: "bad" })).body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Unauthorized",
      reason: "Unauthorized",
      code: 401,
    });
    expect((await cluster.send("GET", configMaps, { token: "good" })).code).toBe(200);
  });

  it("answers 403 in the words of RBAC, and asks for create when an apply creates", async () => {
    await cluster.stop();
    const verbs: string[] = [];
    cluster = await aCluster({
      authorize: ({ verb }) => {
        verbs.push(verb);
        return verb !== "create";
      },
    });
    const { code, body } = await cluster.apply(aDeployment());
    expect(code).toBe(403);
    expect(body.message).toBe(
      'deployments.apps "web" is forbidden: User "kubernetes-admin" cannot create resource "deployments" in API group "apps" in the namespace "default"',
    );
    expect(verbs).toEqual(["patch", "create"]);
  });
});

describe("the official client", () => {
  it("applies, reads and lists", async () => {
    const apps = config().makeApiClient(AppsV1Api);
    const options = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply);
    const applied = await apps.patchNamespacedDeployment(
      { name: "web", namespace: "default", body: aDeployment(), fieldManager: "promoter" },
      options,
    );
    await cluster.advance(30_000);
    const read = await apps.readNamespacedDeployment({ name: "web", namespace: "default" });
    const pods = await config()
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: "default", labelSelector: "app=web" });
    expect([applied.metadata?.generation, read.status?.readyReplicas, pods.items.length]).toEqual([
      1, 2, 2,
    ]);
  });

  it("finds the address of a kind by discovery", async () => {
    const objects = KubernetesObjectApi.makeApiClient(config());
    await objects.create(aConfigMap({ a: "1" }));
    const read = await objects.read({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "default" },
    });
    expect(read).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
  });
});

describe("the record of a request", () => {
  it.each([
    ["PATCH", deploymentPath, "kubernetes:patch", "write"],
    ["PATCH", `${deploymentPath}?dryRun=All`, "kubernetes:patch", "read"],
    ["GET", deploymentPath, "kubernetes:get", "read"],
    ["GET", deployments, "kubernetes:list", "read"],
    ["DELETE", deploymentPath, "kubernetes:delete", "write"],
    ["POST", deployments, "kubernetes:create", "write"],
  ])("of %s %s is %s, a %s", (method, path, action, access) => {
    expect(operation(method, path)).toEqual({
      action,
      access,
      resources: [`test${path.split("?")[0]}`],
    });
  });
});
