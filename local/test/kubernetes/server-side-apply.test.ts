import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aCluster, type ACluster, aConfigMap, aDeployment, deploymentPath } from "./a-cluster.ts";

// Expectations: https://kubernetes.io/docs/reference/using-api/server-side-apply/ and, for texts,
// apimachinery pkg/util/managedfields/internal/conflict.go of kubernetes/kubernetes.

let cluster: ACluster;
beforeEach(async () => void (cluster = await aCluster()));
afterEach(() => cluster.stop());

const settings = "/api/v1/namespaces/default/configmaps/settings";
const image = (body: {
  spec: { template: { spec: { containers: { image: string }[] } } };
}): string | undefined => body.spec.template.spec.containers[0]?.image;

describe("ownership", () => {
  it("records what a manager applied in FieldsV1", async () => {
    const { code, body } = await cluster.apply(aConfigMap({ key: "some value" }));

    expect(code).toBe(201);
    // The example of the page, section "Field management", without its label.
    expect(body.metadata.managedFields).toEqual([
      {
        manager: "promoter",
        operation: "Apply",
        apiVersion: "v1",
        time: "2026-01-05T09:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "f:key": {} } },
      },
    ]);
  });

  it("names elements of keyed lists by their keys", async () => {
    const { body } = await cluster.apply(
      aDeployment({ container: { ports: [{ containerPort: 80 }], args: ["a"] } }),
    );

    const [entry] = body.metadata.managedFields;
    expect(entry.fieldsV1["f:spec"]["f:template"]["f:spec"]["f:containers"]).toEqual({
      'k:{"name":"app"}': {
        ".": {},
        "f:name": {},
        "f:image": {},
        "f:args": {},
        "f:ports": {
          'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
        },
      },
    });
  });

  it("gives a field to whoever updates it, and names the updater after its user agent", async () => {
    await cluster.apply(aConfigMap({ a: "1", b: "1" }));
    const { body } = await cluster.send("PATCH", settings, {
      body: aConfigMap({ a: "2" }),
      type: "application/merge-patch+json",
      agent: "kubectl/v1.36",
    });

    const owned = body.metadata.managedFields.map(
      (entry: { manager: string; operation: string; fieldsV1: unknown }) => [
        entry.manager,
        entry.operation,
        entry.fieldsV1,
      ],
    );
    expect(owned).toEqual([
      ["promoter", "Apply", { "f:data": { "f:b": {} } }],
      ["kubectl", "Update", { "f:data": { "f:a": {} } }],
    ]);
  });

  it("shares a field that two managers apply with the same value", async () => {
    await cluster.apply(aConfigMap({ a: "1" }));
    const { code, body } = await cluster.apply(aConfigMap({ a: "1" }), "fieldManager=other");

    expect(code).toBe(200);
    expect(body.metadata.managedFields.map((entry: { manager: string }) => entry.manager)).toEqual([
      "other",
      "promoter",
    ]);
  });
});

describe("leaving a field out", () => {
  it("removes a field that has no other owner", async () => {
    await cluster.apply(aConfigMap({ a: "1", b: "1" }));
    const { body } = await cluster.apply(aConfigMap({ a: "1" }));
    expect(body.data).toEqual({ a: "1" });
  });

  it("keeps a field that another manager owns too", async () => {
    await cluster.apply(aConfigMap({ a: "1", b: "1" }));
    await cluster.apply(aConfigMap({ b: "1" }), "fieldManager=other");
    const { body } = await cluster.apply(aConfigMap({ a: "1" }));
    expect(body.data).toEqual({ a: "1", b: "1" });
  });

  it("keeps fields that it never applied", async () => {
    await cluster.apply(aConfigMap({ a: "1" }));
    await cluster.send("PATCH", settings, {
      body: aConfigMap({ c: "3" }),
      type: "application/merge-patch+json",
    });
    const { body } = await cluster.apply(aConfigMap({ a: "2" }));
    expect(body.data).toEqual({ a: "2", c: "3" });
  });

  it("puts the default in the place of a field that had another value", async () => {
    await cluster.apply(aDeployment());
    const { replicas: _replicas, ...spec } = aDeployment().spec;
    const { body } = await cluster.apply({ ...aDeployment(), spec });
    expect(body.spec.replicas).toBe(1);
  });

  it("removes a container with the fields that the server had filled in", async () => {
    const [app] = aDeployment().spec.template.spec.containers;
    const two = aDeployment();
    two.spec.template.spec.containers = [app, { name: "side", image: "registry.example/side:1" }];
    await cluster.apply(two);
    const { body } = await cluster.apply(aDeployment());
    expect(body.spec.template.spec.containers.map((entry: { name: string }) => entry.name)).toEqual(
      ["app"],
    );
  });

  it("keeps a container that another manager has added beside its own", async () => {
    await cluster.apply(aDeployment());
    const beside = aDeployment();
    beside.spec.template.spec.containers = [{ name: "side", image: "registry.example/side:1" }];
    await cluster.apply(beside, "fieldManager=injector");
    const { body } = await cluster.apply(
      aDeployment({ container: { image: "registry.example/web:2" } }),
    );
    expect(
      body.spec.template.spec.containers.map((entry: { image: string }) => entry.image),
    ).toEqual(["registry.example/web:2", "registry.example/side:1"]);
  });
});

describe("conflicts", () => {
  const theirs = aDeployment({ container: { image: "registry.example/web:other" } });

  it("refuses to change what another manager applied", async () => {
    await cluster.apply(aDeployment());
    const { code, body } = await cluster.apply(theirs, "fieldManager=other");

    const field = '.spec.template.spec.containers[name="app"].image';
    expect(code).toBe(409);
    expect(body).toMatchObject({
      kind: "Status",
      status: "Failure",
      reason: "Conflict",
      code: 409,
      message: `Apply failed with 1 conflict: conflict with "promoter": ${field}`,
      details: {
        causes: [{ reason: "FieldManagerConflict", message: 'conflict with "promoter"', field }],
      },
    });
    expect(image((await cluster.send("GET", deploymentPath)).body)).toBe(
      "registry.example/web:1.0.0",
    );
  });

  it("names the version with a manager that updated", async () => {
    await cluster.send(
      "POST",
      "/apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-create",
      { body: aDeployment() },
    );
    const { body } = await cluster.apply(aDeployment({ spec: { replicas: 5 } }));
    expect(body.details.causes).toEqual([
      {
        reason: "FieldManagerConflict",
        message: 'conflict with "kubectl-create" using apps/v1',
        field: ".spec.replicas",
      },
    ]);
  });

  it("lists several conflicts by manager", async () => {
    await cluster.apply(aDeployment());
    const { body } = await cluster.apply(
      aDeployment({ spec: { replicas: 5 }, container: { image: "registry.example/web:other" } }),
      "fieldManager=other",
    );
    // The container counts as changed, and so does the replica number.
    expect(body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "promoter":\n- .spec.replicas\n- .spec.template.spec.containers[name="app"].image',
    );
  });

  it("takes the field over when forced, and the first manager then meets the conflict", async () => {
    await cluster.apply(aDeployment());
    const forced = await cluster.apply(theirs, "fieldManager=other&force=true");
    expect([forced.code, image(forced.body)]).toEqual([200, "registry.example/web:other"]);

    const back = await cluster.apply(aDeployment());
    expect(back.body.details.causes[0].message).toBe('conflict with "other"');
  });

  it("treats a list without merge keys as one value", async () => {
    await cluster.apply(aDeployment({ container: { args: ["a", "b"] } }));
    const { body } = await cluster.apply(
      aDeployment({ container: { args: ["a"] } }),
      "fieldManager=other",
    );
    expect(body.details.causes.map((entry: { field: string }) => entry.field)).toEqual([
      '.spec.template.spec.containers[name="app"].args',
    ]);
  });
});

describe("what changes nothing", () => {
  it("keeps generation and resourceVersion when the same is applied again", async () => {
    const first = await cluster.apply(aDeployment());
    await cluster.advance(60_000);
    const settled = await cluster.send("GET", deploymentPath);
    const again = await cluster.apply(aDeployment());

    expect(again.body.metadata.generation).toBe(first.body.metadata.generation);
    expect(again.body.metadata.resourceVersion).toBe(settled.body.metadata.resourceVersion);
  });

  it("raises the generation for a new spec, and not for a new annotation", async () => {
    await cluster.apply(aDeployment());
    const annotated = aDeployment();
    annotated.metadata.annotations = { note: "x" };
    expect((await cluster.apply(annotated)).body.metadata.generation).toBe(1);
    expect(
      (await cluster.apply(aDeployment({ spec: { replicas: 3 } }))).body.metadata.generation,
    ).toBe(2);
  });

  it("stores nothing in a dry run, and shows what would be stored", async () => {
    const dry = await cluster.apply(aDeployment(), "fieldManager=promoter&dryRun=All");
    expect([dry.code, dry.body.spec.progressDeadlineSeconds]).toEqual([201, 600]);
    expect((await cluster.send("GET", deploymentPath)).code).toBe(404);

    await cluster.apply(aDeployment());
    const before = (await cluster.send("GET", deploymentPath)).body;
    const changed = await cluster.apply(
      aDeployment({ spec: { replicas: 7 } }),
      "fieldManager=promoter&dryRun=All",
    );
    expect(changed.body.spec.replicas).toBe(7);
    expect((await cluster.send("GET", deploymentPath)).body).toEqual(before);
  });

  it("finds a conflict in a dry run as well", async () => {
    await cluster.apply(aDeployment());
    expect(
      (await cluster.apply(aDeployment({ spec: { replicas: 7 } }), "fieldManager=other&dryRun=All"))
        .code,
    ).toBe(409);
  });
});

describe("what an apply must say", () => {
  it("needs a field manager", async () => {
    const { code, body } = await cluster.apply(aDeployment(), "");
    expect([code, body.reason]).toEqual([422, "Invalid"]);
    expect(body.message).toContain("fieldManager: Required value: is required for apply patch");
  });

  it("must not carry managed fields", async () => {
    const object = aDeployment();
    object.metadata.managedFields = [{ manager: "x" }];
    expect((await cluster.apply(object)).body).toMatchObject({
      code: 400,
      message: "metadata.managedFields must be nil",
    });
  });

  it("answers 500 to a field that the schema does not have", async () => {
    // The body of https://github.com/kubernetes/kubernetes/issues/122480
    const { code, body } = await cluster.apply(aDeployment({ spec: { brandNewField: 7 } }));
    expect(code).toBe(500);
    expect(body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      code: 500,
      message:
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.brandNewField: field not declared in schema",
    });
  });

  it("needs the key of each element of a keyed list", async () => {
    const nameless = aDeployment();
    nameless.spec.template.spec.containers = [{ image: "registry.example/web:1" }];
    const { code, body } = await cluster.apply(nameless);
    expect([code, body.message]).toEqual([
      422,
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].name: Required value',
    ]);
  });

  it("takes YAML", async () => {
    const yaml =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: 'yes'\n";
    const { code, body } = await cluster.send("PATCH", `${settings}?fieldManager=x`, {
      body: yaml,
      type: "application/apply-patch+yaml",
    });
    expect([code, body.data]).toEqual([201, { a: "yes" }]);
  });

  it("needs its namespace to exist", async () => {
    const lost = aConfigMap({ a: "1" });
    lost.metadata.namespace = "nowhere";
    expect((await cluster.apply(lost)).body).toMatchObject({
      code: 404,
      reason: "NotFound",
      message: 'namespaces "nowhere" not found',
      details: { name: "nowhere", kind: "namespaces" },
    });
  });
});
