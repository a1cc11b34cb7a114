import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, aConfigMap, aDeployment, deploymentPath, type ACluster } from "./a-cluster.ts";

// Expectations: the sources of Kubernetes 1.36 that the code cites, and what kubectl 1.36 sends.

let cluster: ACluster;
beforeEach(async () => {
  cluster = await aCluster();
});
afterEach(() => cluster.stop());

// oxlint-disable-next-line typescript/no-explicit-any -- JSON documents of any kind
type Loose = any;
const merge = "application/merge-patch+json";
const managers = ({ body }: Loose): string[] =>
  (body.metadata.managedFields ?? []).map(({ manager, operation, subresource = "" }: Loose) =>
    `${manager} ${operation} ${subresource}`.trim(),
  );

const service = (ports: object[], rest: object = {}): Loose => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "dup", namespace: "default" },
  spec: { selector: { app: "x" }, ports, ...rest },
});
const wanted = (replicas: number, metadata: object = {}): object => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: "web", namespace: "default", ...metadata },
  spec: { replicas },
});
const post = (base64: string, to = "/api/v1/namespaces"): Promise<Response> =>
  fetch(`${cluster.server}${to}?fieldManager=kubectl-create`, {
    method: "POST",
    headers: { "content-type": "application/vnd.kubernetes.protobuf" },
    body: Buffer.from(base64, "base64"),
  });

describe("a Service", () => {
  it.each<readonly [string, object[], string]>([
    [
      "a port's name twice",
      [
        { name: "http", port: 80 },
        { name: "http", port: 8080 },
      ],
      'Service "dup" is invalid: spec.ports[1].name: Duplicate value: "http"',
    ],
    [
      "a name of three ports",
      [
        { name: "a", port: 80 },
        { name: "b", port: 81 },
        { name: "a", port: 82 },
      ],
      'Service "dup" is invalid: spec.ports[2].name: Duplicate value: "a"',
    ],
    [
      "a name that is no label",
      [{ name: "HTTP", port: 80 }],
      'Service "dup" is invalid: spec.ports[0].name: Invalid value: "HTTP": a lowercase RFC 1123 label',
    ],
    [
      "a node port twice",
      [
        { name: "a", port: 80, nodePort: 30_080 },
        { name: "b", port: 81, nodePort: 30_080 },
      ],
      'Service "dup" is invalid: spec.ports[1].nodePort: Invalid value: 30080: provided port is already allocated',
    ],
  ])("is refused for %s", async (_, ports, message) => {
    const { code, body } = await cluster.apply(service(ports, { type: "NodePort" }));
    expect([code, body.message.slice(0, message.length)]).toEqual([422, message]);
  });

  it("may have one number under two protocols, but not under one, however it is written", async () => {
    expect(
      (
        await cluster.apply(
          service([
            { name: "a", port: 53, protocol: "UDP" },
            { name: "b", port: 53, protocol: "TCP" },
          ]),
        )
      ).code,
    ).toBe(201);
    const posted = await cluster.send("POST", "/api/v1/namespaces/default/services", {
      body: {
        ...service([
          { name: "a", port: 53 },
          { name: "b", port: 53 },
        ]),
        metadata: { name: "other" },
      },
    });
    expect(posted).toMatchObject({
      code: 422,
      body: { message: expect.stringContaining("spec.ports[1]: Duplicate value: {") },
    });
  });

  it("is refused when another manager's port keeps the name", async () => {
    await cluster.apply(service([{ name: "http", port: 80 }]), "fieldManager=before");
    expect(
      (await cluster.apply(service([{ name: "http", port: 8080 }]), "fieldManager=promoter")).body
        .message,
    ).toContain('spec.ports[1].name: Duplicate value: "http"');
  });
});

describe("managed fields", () => {
  const path = "/api/v1/namespaces/default/configmaps/settings";
  beforeEach(() => cluster.apply(aConfigMap({ a: "1", b: "2" })));

  it.each([
    [
      "a merge patch with one empty entry",
      { body: { metadata: { managedFields: [{}] } }, type: merge },
    ],
    ["an empty list", { body: { metadata: { managedFields: [] } }, type: merge }],
    [
      "a JSON patch",
      {
        body: [{ op: "replace", path: "/metadata/managedFields", value: [{}] }],
        type: "application/json-patch+json",
      },
    ],
  ])(
    "are removed by %s, and what is written before the next apply has no owner",
    async (_, patch) => {
      expect(managers(await cluster.send("PATCH", path, patch))).toEqual([]);
      expect(
        managers(
          await cluster.send("PATCH", `${path}?fieldManager=person`, {
            body: { data: { b: "3" } },
            type: merge,
          }),
        ),
      ).toEqual([]);
      const applied = await cluster.apply(aConfigMap({ a: "1" }));
      expect(managers(applied)).toEqual(["promoter Apply", "before-first-apply Update"]);
      expect(applied.body.data).toEqual({ a: "1", b: "3" });
      expect((await cluster.apply(aConfigMap({ a: "1", b: "9" }))).body).toMatchObject({
        code: 409,
        message: expect.stringContaining('conflict with "before-first-apply" using v1: .data.b'),
      });
    },
  );

  it("are replaced by a JSON patch, as csaupgrade does it", async () => {
    await cluster.send("PATCH", `${path}?fieldManager=kubectl-client-side-apply`, {
      body: { data: { c: "1" } },
      type: merge,
    });
    const { body } = await cluster.send("GET", path);
    const moved = body.metadata.managedFields.map((entry: Loose) =>
      entry.manager === "promoter" ? entry : { ...entry, manager: "legacy", operation: "Apply" },
    );
    const patch = [
      { op: "replace", path: "/metadata/managedFields", value: moved },
      { op: "replace", path: "/metadata/resourceVersion", value: body.metadata.resourceVersion },
    ];
    expect(
      managers(
        await cluster.send("PATCH", path, { body: patch, type: "application/json-patch+json" }),
      ),
    ).toEqual(["legacy Apply", "promoter Apply"]);
    expect((await cluster.apply(aConfigMap({}), "fieldManager=legacy")).body.data).toEqual({
      a: "1",
      b: "2",
    });
  });

  it.each([
    ["null", null],
    ["an unreadable entry", [{ manager: "x" }]],
  ])("stay when a patch has %s in their place", async (_, managedFields) => {
    expect(
      managers(
        await cluster.send("PATCH", path, {
          body: [{ op: "replace", path: "/metadata/managedFields", value: managedFields }],
          type: "application/json-patch+json",
        }),
      ),
    ).toEqual(["promoter Apply"]);
  });

  it("are not reset through a subresource", async () => {
    await cluster.apply(aDeployment());
    expect(
      managers(
        await cluster.send("PATCH", `${deploymentPath}/status`, {
          body: { metadata: { managedFields: [{}] } },
          type: merge,
        }),
      ),
    ).toContain("promoter Apply");
  });
});

describe("the scale of a Deployment", () => {
  const scale = `${deploymentPath}/scale`;
  beforeEach(async () => {
    await cluster.apply(aDeployment());
    await cluster.advance(5000);
  });

  it("is read", async () => {
    expect((await cluster.send("GET", scale)).body).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: {
        name: "web",
        namespace: "default",
        uid: expect.any(String),
        resourceVersion: expect.any(String),
        creationTimestamp: expect.any(String),
      },
      spec: { replicas: 2 },
      status: { replicas: 2, selector: "app=web" },
    });
  });

  it.each([
    ["put", "PUT", { body: wanted(5) }],
    ["merged", "PATCH", { body: { spec: { replicas: 5 } }, type: merge }],
    [
      "patched",
      "PATCH",
      {
        body: [{ op: "replace", path: "/spec/replicas", value: 5 }],
        type: "application/json-patch+json",
      },
    ],
  ])(
    "is %s, and the replicas belong to who did it, under the subresource and without a time",
    async (_, method, rest) => {
      expect((await cluster.send(method, `${scale}?fieldManager=hpa`, rest)).body).toMatchObject({
        kind: "Scale",
        spec: { replicas: 5 },
      });
      const live = await cluster.send("GET", deploymentPath);
      expect(live.body.spec.replicas).toBe(5);
      expect(live.body.metadata.managedFields).toContainEqual({
        manager: "hpa",
        operation: "Update",
        apiVersion: "apps/v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
        subresource: "scale",
      });
      await cluster.advance(5000);
      expect(cluster.kubernetes.objects("Pod", "default")).toHaveLength(5);
    },
  );

  it("takes the replicas from who applied them, who then meets a conflict", async () => {
    await cluster.apply(aDeployment({ spec: { replicas: 2 } }));
    await cluster.send("PATCH", `${scale}?fieldManager=hpa`, {
      body: { spec: { replicas: 5 } },
      type: merge,
    });
    expect((await cluster.apply(aDeployment({ spec: { replicas: 2 } }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it.each([
    [
      "a negative number",
      "PUT",
      { body: wanted(-1) },
      422,
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      "another version of the object",
      "PUT",
      { body: wanted(3, { resourceVersion: "1" }) },
      409,
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified',
    ],
    [
      "another kind",
      "PUT",
      { body: aDeployment() },
      400,
      "does not match the expected API version",
    ],
  ])("refuses %s", async (_, method, rest, code, message) => {
    expect(await cluster.send(method, scale, rest)).toMatchObject({
      code,
      body: { message: expect.stringContaining(message) },
    });
  });

  it("may be tried as a dry run, and can neither be removed nor belong to a missing object", async () => {
    expect(
      (await cluster.send("PUT", `${scale}?dryRun=All`, { body: wanted(7) })).body.spec.replicas,
    ).toBe(7);
    expect((await cluster.send("GET", deploymentPath)).body.spec.replicas).toBe(2);
    expect((await cluster.send("DELETE", scale)).code).toBe(405);
    expect((await cluster.send("GET", scale.replace("web", "none"))).code).toBe(404);
  });
});

describe("a namespace", () => {
  const path = "/api/v1/namespaces/shop";
  const created = "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEc2hvcBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==";

  it("is made by `kubectl create namespace`, with what the server adds to it", async () => {
    const response = await post(created);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      kind: "Namespace",
      metadata: {
        name: "shop",
        labels: { "kubernetes.io/metadata.name": "shop" },
        managedFields: [
          {
            manager: "kubectl-create",
            operation: "Update",
            fieldsV1: {
              "f:metadata": { "f:labels": { ".": {}, "f:kubernetes.io/metadata.name": {} } },
            },
          },
        ],
      },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
    expect((await post(created)).status).toBe(409);
  });

  it("may hold what `kubectl create secret` sends; a kind that is not understood is refused by its type", async () => {
    await post(created);
    const secret = await post(
      "azhzAAoMCgJ2MRIGU2VjcmV0EiEKFQoBcxIAGgRzaG9wIgAqADIAOABCABIGCgFhEgFiGgAaACIA",
      "/api/v1/namespaces/shop/secrets",
    );
    expect(await secret.json()).toMatchObject({
      metadata: { name: "s", namespace: "shop" },
      data: { a: "Yg==" },
      type: "Opaque",
    });
    expect(
      (
        await post(
          "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EgA=",
          "/apis/apps/v1/namespaces/shop/deployments",
        )
      ).status,
    ).toBe(415);
  });

  it("keeps its finalizers from ordinary writes, and gets `kubernetes` beside what it was made with", async () => {
    const made = await cluster.send("POST", "/api/v1/namespaces", {
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop" },
        spec: { finalizers: ["x.example/y"] },
      },
    });
    expect(made.body.spec.finalizers).toEqual(["x.example/y", "kubernetes"]);
    expect(
      (await cluster.send("PATCH", path, { body: { spec: { finalizers: [] } }, type: merge })).body
        .spec.finalizers,
    ).toEqual(["x.example/y", "kubernetes"]);
  });

  it("ends only when its content and every finalizer are gone, and says what is left", async () => {
    await cluster.send("POST", "/api/v1/namespaces", {
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop" },
        spec: { finalizers: ["x.example/y"] },
      },
    });
    await cluster.send("POST", `${path}/configmaps`, {
      body: { metadata: { name: "held", finalizers: ["z.example/w"] } },
    });
    const marked = await cluster.send("DELETE", path);
    expect(marked.body).toMatchObject({
      kind: "Namespace",
      status: { phase: "Terminating" },
      metadata: { deletionTimestamp: expect.any(String) },
    });
    expect(marked.body.metadata.deletionGracePeriodSeconds).toBeUndefined();
    await cluster.advance(1000);
    const conditions = async (): Promise<string[]> =>
      (await cluster.send("GET", path)).body.status.conditions.map(
        ({ type, status, reason }: Loose) => `${type} ${status} ${reason}`,
      );
    expect(await conditions()).toEqual([
      "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered",
      "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions",
      "NamespaceDeletionContentFailure False ContentDeleted",
      "NamespaceContentRemaining True SomeResourcesRemain",
      "NamespaceFinalizersRemaining True SomeFinalizersRemain",
    ]);
    await cluster.send("PATCH", `${path}/configmaps/held`, {
      body: { metadata: { finalizers: null } },
      type: merge,
    });
    await cluster.advance(1000);
    const { body } = await cluster.send("GET", path);
    expect([body.spec.finalizers, (await conditions()).slice(3)]).toEqual([
      ["x.example/y"],
      [
        "NamespaceContentRemaining False ContentRemoved",
        "NamespaceFinalizersRemaining False ContentHasNoFinalizers",
      ],
    ]);
    expect(
      (await cluster.send("PUT", `${path}/finalize`, { body: { ...body, spec: {} } })).code,
    ).toBe(200);
    await cluster.advance(1000);
    expect((await cluster.send("GET", path)).code).toBe(404);
  });

  it("has no other verbs at /finalize", async () => {
    await post(created);
    expect((await cluster.send("GET", `${path}/finalize`)).code).toBe(405);
  });
});
