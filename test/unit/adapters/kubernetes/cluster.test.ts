import type { ServiceRequest, ServiceResponse } from "@promoter/local-cloud/internal/service.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import type { Cluster } from "../../../../src/ports/cluster.ts";
import { localCluster, type LocalCluster } from "../../../contract/cluster.fixtures.ts";

// Answers: https://kubernetes.io/docs/reference/using-api/api-concepts/ and apimachinery, pkg/api/errors; the texts as servers send them.

let local: LocalCluster;
let cluster: Cluster;
let requests: ServiceRequest[];
/** What the Kubernetes API answers instead; undefined: what it would. */
let instead: (request: ServiceRequest) => Promise<ServiceResponse | "drop" | undefined> | undefined;

beforeEach(async () => {
  requests = [];
  instead = async () => undefined;
  local = await localCluster({
    intercept: async ({ service, request }, next) => {
      if (service.name === "eks") return next();
      requests.push(request);
      return (await instead(request)) ?? next();
    },
    authenticate: () => ({ user: "promoter" }),
  });
  cluster = await local.connecting({ timeout: 10_000 }).connect("prod");
});
afterEach(() => local.close());

const write = { dryRun: false, force: false };
const deployment = (spec: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "registry.example/web:1" }] },
    },
    ...spec,
  },
});
const answer = (status: number, body: object | string): ServiceResponse => ({
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const status = (code: number, message: string, details: object = {}): ServiceResponse =>
  answer(code, { kind: "Status", status: "Failure", message, details, code });
const onObjects =
  (given: ServiceResponse | "drop") =>
  ({ path }: ServiceRequest) =>
    path.endsWith("/deployments/web") ? Promise.resolve(given) : undefined;

describe("applying", () => {
  it("sends the object's own JSON, also what no client knows, and the name of our manager", async () => {
    instead = onObjects(answer(200, deployment()));
    const object = deployment({ fieldOfTomorrow: { deep: [1, null, "ä"] } });
    await cluster.apply(object, write);
    const { method, path, query, headers, body } = requests.at(-1) ?? {};
    expect([method, path, headers?.["content-type"]]).toEqual([
      "PATCH",
      "/apis/apps/v1/namespaces/default/deployments/web",
      "application/apply-patch+yaml",
    ]);
    expect(JSON.parse(String(body))).toEqual(object);
    expect(Object.fromEntries(query ?? [])).toEqual({
      fieldManager: "promoter",
      fieldValidation: "Strict",
    });
  });

  it.each([
    [{ dryRun: true, force: false }, { dryRun: "All" }],
    [{ dryRun: false, force: true }, { force: "true" }],
    [
      { dryRun: true, force: true },
      { dryRun: "All", force: "true" },
    ],
  ])("asks with %j for %j", async (options, expected) => {
    await cluster.apply(deployment(), options);
    expect(Object.fromEntries(requests.at(-1)?.query ?? [])).toEqual({
      fieldManager: "promoter",
      fieldValidation: "Strict",
      ...expected,
    });
  });

  it("finds any kind by discovery, and asks for each group once", async () => {
    await cluster.apply(deployment(), write);
    await cluster.apply(
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "np", namespace: "default" },
        spec: { podSelector: {} },
      },
      write,
    );
    await cluster.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "orderbook" } },
      write,
    );
    await cluster.apply(deployment(), write);
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /apis/apps/v1",
      "PATCH /apis/apps/v1/namespaces/default/deployments/web",
      "GET /apis/networking.k8s.io/v1",
      "PATCH /apis/networking.k8s.io/v1/namespaces/default/networkpolicies/np",
      "GET /api/v1",
      "PATCH /api/v1/namespaces/orderbook",
      "PATCH /apis/apps/v1/namespaces/default/deployments/web",
    ]);
  });

  it("asks again after a discovery that failed", async () => {
    instead = () => Promise.resolve(status(503, "starting"));
    await expect(cluster.apply(deployment(), write)).rejects.toMatchObject({
      name: "ClusterUnavailable",
    });
    instead = () => undefined;
    expect(await cluster.apply(deployment(), write)).toMatchObject({ kind: "Deployment" });
  });

  it.each<[string, KubernetesObject, string]>([
    [
      "a kind that the cluster does not have",
      { ...deployment(), kind: "Deploiment" },
      "has no kind Deploiment in apps/v1",
    ],
    [
      "a group that the cluster does not have",
      { ...deployment(), apiVersion: "example.com/v1" },
      "has no kind Deployment in example.com/v1",
    ],
    [
      "no namespace where one is needed",
      { ...deployment(), metadata: { name: "web" } },
      "Deployment web has no metadata.namespace",
    ],
    [
      "a field that the schema does not have",
      deployment({ replicaz: 2 }),
      "field not declared in schema",
    ],
    [
      "what the server finds invalid",
      deployment({ replicas: -1 }),
      "must be greater than or equal to 0",
    ],
  ])("is refused for %s", async (_, object, message) => {
    await expect(cluster.apply(object, write)).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining(message),
    });
  });
});

describe("an answer of the Kubernetes API", () => {
  const terminating = {
    causes: [
      {
        reason: "NamespaceTerminating",
        message: "namespace default is being terminated",
        field: "metadata.namespace",
      },
    ],
  };
  it.each<[string, string, ServiceResponse]>([
    ["ClusterRefused", "access entry", status(401, "Unauthorized")],
    [
      "ClusterRefused",
      "RoleBinding",
      status(
        403,
        'deployments.apps "web" is forbidden: User "promoter" cannot patch resource "deployments" in API group "apps" in the namespace "default"',
      ),
    ],
    [
      "ClusterRefused",
      "change the object, or what the cluster admits",
      status(
        403,
        'configmaps "settings" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: count/configmaps=0, limited: count/configmaps=0',
      ),
    ],
    [
      "ClusterRefused",
      "wait until the namespace is gone",
      status(
        403,
        "unable to create new content in namespace default because it is being terminated",
        terminating,
      ),
    ],
    ["ClusterRefused", "create what is missing", status(404, 'namespaces "default" not found')],
    [
      "ClusterRefused",
      "restore the cluster's value, give the object a new name, or delete it in the cluster",
      status(
        422,
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      ),
    ],
    [
      "ClusterRefused",
      "this cannot be changed in an object that exists",
      status(
        422,
        'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.1"]: may not change once set',
      ),
    ],
    [
      "ClusterRefused",
      "this cannot be changed in an object that exists",
      status(
        422,
        'ConfigMap "settings" is invalid: data: Forbidden: field is immutable when `immutable` is set',
      ),
    ],
    [
      "ClusterRefused",
      "this cannot be changed in an object that exists",
      status(
        422,
        `StatefulSet.apps "db" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`,
      ),
    ],
    [
      "ClusterRefused",
      "this cannot be changed in an object that exists",
      status(
        422,
        `Job.batch "m" is invalid: spec.template: Invalid value: core.PodTemplateSpec{${"x".repeat(3000)}}: field is immutable`,
      ),
    ],
    ["ClusterRefused", "correct the object", status(400, "bad request")],
    ["ClusterRefused", "correct the object", status(413, "Request entity too large")],
    [
      "ClusterRefused",
      "correct the object",
      status(422, 'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1'),
    ],
    [
      "ClusterRefused",
      "correct the object",
      status(
        500,
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema",
      ),
    ],
    [
      "ClusterRefused",
      "correct the object",
      status(
        500,
        "failed to convert new object (default/s; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0",
      ),
    ],
    [
      "ClusterUnavailable",
      "the object has been modified",
      status(409, "the object has been modified"),
    ],
    [
      "ClusterUnavailable",
      "too many requests",
      status(429, "too many requests, please try again later"),
    ],
    [
      "ClusterUnavailable",
      "etcdserver: request timed out",
      status(500, "etcdserver: request timed out"),
    ],
    ["ClusterUnavailable", "<html>", answer(502, "<html>Bad Gateway</html>")],
    [
      "ClusterUnavailable",
      "503",
      status(503, "the server is currently unable to handle the request"),
    ],
    ["ClusterUnavailable", "not a Kubernetes object", answer(200, "<html>captive portal</html>")],
  ])("becomes %s with '%s' from %j", async (name, message, given) => {
    instead = onObjects(given);
    await expect(cluster.apply(deployment(), write)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
      retryable: name === "ClusterUnavailable",
    });
  });

  it("names who owns which field, how it stays theirs, and what force does", async () => {
    const causes = [
      {
        reason: "FieldManagerConflict",
        field: ".spec.replicas",
        message: 'conflict with "kubectl-edit" using apps/v1',
      },
      {
        reason: "FieldManagerConflict",
        field: ".metadata.labels.tier",
        message: 'conflict with "helm"',
      },
    ];
    instead = onObjects(status(409, "Apply failed with 2 conflicts", { causes }));
    await expect(cluster.apply(deployment(), write)).rejects.toMatchObject({
      name: "FieldConflict",
      retryable: false,
      message: expect.stringContaining(
        "other managers own fields that the object sets: .spec.replicas (kubectl-edit), .metadata.labels.tier (helm); to leave them to kubectl-edit and helm, remove these fields from the files of the pod spec; to take them over, set `force: true` under podSpec in promoter.yml and deploy it: promotions then own them, and the live values are replaced by those in the files",
      ),
    });
  });

  it.each<readonly [string, readonly string[], string]>([
    [
      "what the files must have",
      ['.spec.template.spec.containers[name="app"].image', ".spec.replicas"],
      'the files must have .spec.template.spec.containers[name="app"].image, so make helm leave these fields alone; to take them over, set `force: true`',
    ],
    [
      "a selector of pods",
      [".spec.selector", ".spec.replicas"],
      ".spec.selector: this cannot be changed in an object that exists: restore the cluster's value, give the object a new name, or delete it",
    ],
  ])("offers only what works for %s", async (_, fields, remedy) => {
    const causes = fields.map((field) => ({
      reason: "FieldManagerConflict",
      field,
      message: 'conflict with "helm"',
    }));
    instead = onObjects(status(409, "Apply failed", { causes }));
    const applying = cluster.apply(deployment(), write);
    await expect(applying).rejects.toMatchObject({
      name: "FieldConflict",
      message: expect.stringContaining(`; ${remedy}`),
    });
    await expect(applying).rejects.not.toThrow("take these fields out");
  });

  it("names the object, the cluster and the server's words, and no token", async () => {
    const words =
      'deployments.apps "web" is forbidden: User "promoter" cannot patch resource "deployments" in API group "apps" in the namespace "default"';
    instead = onObjects(status(403, words));
    const applying = cluster.apply(deployment(), { dryRun: true, force: false });
    await expect(applying).rejects.toThrow(
      `applying Deployment default/web as a dry run in cluster prod was answered 403: ${words}; give the group`,
    );
    await expect(applying).rejects.not.toThrow("k8s-aws-v1");
  });

  it("is cut when it is very long", async () => {
    instead = onObjects(status(422, "x".repeat(5_000)));
    await expect(cluster.apply(deployment(), write)).rejects.toMatchObject({
      message: expect.not.stringContaining("x".repeat(1_000)),
    });
  });

  it.each<[string, (one: Cluster) => Promise<unknown>]>([
    [
      "reading",
      (one) =>
        one.read({ apiVersion: "apps/v1", kind: "Deployment", name: "web", namespace: "default" }),
    ],
    [
      "removing",
      (one) =>
        one.remove({
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "web",
          namespace: "default",
        }),
    ],
  ])("counts for %s too", async (_, doing) => {
    instead = onObjects(status(403, "said the server"));
    await expect(doing(cluster)).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining("said the server"),
    });
  });

  it("counts for pods too, and their selector is asked as it is", async () => {
    await cluster.readPods("default", "app=web,tier in (a,b)");
    expect(requests.at(-1)?.query.get("labelSelector")).toBe("app=web,tier in (a,b)");
    instead = () => Promise.resolve(status(403, "said the server"));
    await expect(cluster.readPods("default", "app=web")).rejects.toMatchObject({
      name: "ClusterRefused",
    });
  });
});

const page = (names: readonly string[], next: string): ServiceResponse =>
  answer(200, {
    metadata: { continue: next },
    items: names.map((name) => ({ metadata: { name, namespace: "default" } })),
  });

describe("a log", () => {
  const pod = { apiVersion: "v1", kind: "Pod", name: "web-0", namespace: "default" };
  const query = { container: "app", previous: true, lines: 5 };
  const reading = (given: ServiceResponse): Promise<string | undefined> => {
    instead = async ({ path }) => (path.endsWith("/pods/web-0/log") ? given : undefined);
    return cluster.readLog(pod, query);
  };

  it("is asked for by container and run, its end alone, and is text whatever it looks like", async () => {
    expect(await reading(answer(200, '{"level":"error"}'))).toBe('{"level":"error"}');
    expect(Object.fromEntries(requests.at(-1)?.query ?? [])).toEqual({
      container: "app",
      previous: "true",
      tailLines: "5",
      limitBytes: "16384",
    });
  });

  it.each([204, 400, 404])("is not there when the answer is %i", async (code) => {
    const words = 'previous terminated container "app" in pod "web-0" not found';
    expect(await reading(code === 204 ? answer(code, "") : status(code, words))).toBeUndefined();
  });

  it("is refused to whoever may not read it, with the right that is missing", async () => {
    const words =
      'pods "web-0" is forbidden: User "x" cannot get resource "pods/log" in API group ""';
    await expect(reading(status(403, words))).rejects.toMatchObject({
      name: "ClusterRefused",
      message: expect.stringContaining('cannot get resource "pods/log"'),
    });
  });
});

describe("a list", () => {
  it("is asked for page by page", async () => {
    instead = async ({ path, query }) => {
      if (!path.endsWith("/configmaps")) return undefined;
      return query.get("continue") === "next" ? page(["c"], "") : page(["a", "b"], "next");
    };
    const kind = { apiVersion: "v1", kind: "ConfigMap" };
    const found = await cluster.list(kind, { namespace: "default", fields: "metadata.name!=x" });
    expect(found.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    const asked = requests.slice(-2).map(({ query }) => Object.fromEntries(query));
    const first = { limit: "500", fieldSelector: "metadata.name!=x" };
    expect(asked).toEqual([first, { ...first, continue: "next" }]);
  });
});

describe("no answer", () => {
  it("becomes ClusterUnavailable when the connection breaks", async () => {
    instead = onObjects("drop");
    await expect(cluster.apply(deployment(), write)).rejects.toMatchObject({
      name: "ClusterUnavailable",
      message: expect.stringContaining("socket hang up"),
    });
  });

  it("becomes ClusterUnavailable when the time is over", async () => {
    const hasty = await local.connecting({ timeout: 100 }).connect("prod");
    instead = () => new Promise(() => undefined);
    await expect(hasty.apply(deployment(), write)).rejects.toMatchObject({
      name: "ClusterUnavailable",
      message: expect.stringContaining("none within 100 ms"),
    });
  });
});
