import { afterEach, beforeEach, expect, it } from "vitest";
import { aCluster, type ACluster } from "./a-cluster.ts";

// What is said of each request is compared with a real server in conversations.ts; here is what follows.

const definitionPath =
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
const widgets = "/apis/example.com/v1/namespaces/default/widgets";

let cluster: ACluster;
beforeEach(async () => void (cluster = await aCluster()));
afterEach(() => cluster.stop());

const version = (name: string, storage: boolean): object => ({
  name,
  storage,
  served: true,
  schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
});

async function define(): Promise<void> {
  const { code } = await cluster.send("POST", definitionPath.replace("/widgets.example.com", ""), {
    body: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        versions: [version("v1beta1", false), version("v1", true)],
      },
    },
  });
  expect(code).toBe(201);
}

const make = (name: string, finalizers: readonly string[] = []): Promise<{ code: number }> =>
  cluster.send("POST", widgets, {
    body: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name, finalizers }, any: 1 },
  });

it("a definition says that its names are accepted and its kinds served", async () => {
  await define();
  const { body } = await cluster.send("GET", definitionPath);
  expect(body.status).toMatchObject({
    acceptedNames: {
      kind: "Widget",
      listKind: "WidgetList",
      plural: "widgets",
      singular: "widget",
    },
    conditions: [
      { type: "NamesAccepted", status: "True", reason: "NoConflicts" },
      { type: "Established", status: "True", reason: "InitialNamesAccepted" },
    ],
    storedVersions: ["v1"],
  });
});

it("an object is read in each version of its definition", async () => {
  await define();
  await make("one");
  const { body } = await cluster.send("GET", `${widgets.replace("v1", "v1beta1")}/one`);
  expect(body).toMatchObject({ apiVersion: "example.com/v1beta1", kind: "Widget", any: 1 });
  const list = await cluster.send("GET", widgets.replace("v1", "v1beta1"));
  expect(list.body.items).toMatchObject([{ apiVersion: "example.com/v1beta1", kind: "Widget" }]);
});

it("a definition that is removed takes its objects along, when their finalizers are gone", async () => {
  await define();
  await make("free");
  await make("held", ["example.com/hold"]);
  await cluster.send("DELETE", definitionPath);
  await cluster.advance(1000);
  expect((await cluster.send("GET", `${widgets}/free`)).code).toBe(404);
  expect((await cluster.send("GET", definitionPath)).body.metadata).toHaveProperty(
    "deletionTimestamp",
  );
  await cluster.send("PATCH", `${widgets}/held`, {
    type: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  });
  await cluster.advance(1000);
  expect((await cluster.send("GET", definitionPath)).code).toBe(404);
  expect((await cluster.send("GET", widgets)).body).toBe("404 page not found\n");
});

it("a namespace that is removed takes custom resources along", async () => {
  await define();
  await make("one");
  await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } });
  const path = widgets.replace("default", "other");
  await cluster.send("POST", path, {
    body: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "two" } },
  });
  await cluster.send("DELETE", "/api/v1/namespaces/other");
  await cluster.advance(1000);
  expect((await cluster.send("GET", "/apis/example.com/v1/widgets")).body.items).toMatchObject([
    { metadata: { name: "one" } },
  ]);
  expect((await cluster.send("GET", "/api/v1/namespaces/other")).code).toBe(404);
});
