import { randomUUID } from "node:crypto";
import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { judgeObject } from "../../src/domain/pod-spec/schema/judge-object.ts";
import { judgingBy } from "../../src/domain/pod-spec/schema/judging.ts";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// What the API server says about custom resources, and what the judge says by their definition.

const group = `g${randomUUID().slice(0, 8)}.example.com`;
const write = { dryRun: false, force: false };

const string = { type: "string" };
const integer = { type: "integer" };
const schema = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size", "mode"],
      properties: {
        size: integer,
        mode: { ...string, default: "fast" },
        ratio: { type: "number" },
        on: { type: "boolean" },
        color: { ...string, enum: ["red", "green"] },
        port: { "x-kubernetes-int-or-string": true },
        labels: { type: "object", additionalProperties: string },
        free: {
          type: "object",
          "x-kubernetes-preserve-unknown-fields": true,
          properties: { n: integer },
        },
        any: { type: "object", additionalProperties: true },
        names: { type: "array", items: string },
        set: { type: "array", items: string, "x-kubernetes-list-type": "set" },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name", "kind"],
          items: {
            type: "object",
            required: ["name"],
            properties: { name: string, kind: { ...string, default: "plain" }, weight: integer },
          },
        },
        pod: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: { spec: { type: "object", properties: { image: string } } },
        },
      },
    },
  },
};
const definition: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", singular: "widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
};
const judging = { ...judgingBy(loadKubernetesSchemas(), "1.36"), definitions: [definition] };

let real: RealCluster;
beforeAll(async () => {
  real = await realCluster(context);
  await real.cluster.apply(definition, write);
  await vi.waitFor(served, { timeout: 20_000 });
});
afterAll(async () => {
  await real.cluster.remove(refOf(definition));
  await real.close();
});

type Fields = Readonly<Record<string, unknown>>;

const widget = (fields: Fields): KubernetesObject => ({
  apiVersion: `${group}/v1`,
  kind: "Widget",
  metadata: { name: "a", namespace: real.namespace },
  ...fields,
});
const spec = (fields: Fields): Fields => ({ spec: { size: 1, ...fields } });

it.each<readonly [string, Fields]>([
  ["the least", spec({})],
  ["a value of every field", spec({ ratio: 1.5, on: true, color: "red", port: "http" })],
  ["a whole number for int-or-string", spec({ port: 80 })],
  ["whatever a free map has", spec({ free: { a: { b: 1 } }, any: { x: [1, "2"] } })],
  ["labels", spec({ labels: { a: "b" } })],
  ["keys that differ by their default", spec({ parts: [{ name: "a" }, { name: "a", kind: "x" }] })],
  ["an embedded object", spec({ pod: { apiVersion: "v1", kind: "Pod", spec: { image: "a" } } })],
  ["a list twice the same", spec({ names: ["a", "a"] })],
])("both take %s", async (_, fields) => {
  const object = widget(fields);
  expect(await refusal(object)).toBe("");
  expect(judgeObject(object, judging)).toEqual([]);
});

it.each<readonly [string, Fields, RegExp]>([
  ["an unknown field", spec({ sise: 1 }), /^there is no field spec\.sise -> did you mean size\?$/],
  [
    "one at the top",
    { ...spec({}), specs: {} },
    /^there is no field specs -> did you mean spec\?$/,
  ],
  [
    "one in metadata",
    { ...spec({}), metadata: { name: "a", label: {} } },
    /metadata\.label -> did/,
  ],
  [
    "one in a list",
    spec({ parts: [{ name: "a", wait: 1 }] }),
    /^there is no field spec\.parts\[0\]/,
  ],
  [
    "one in an embedded object",
    spec({ pod: { apiVersion: "v1", kind: "Pod", spek: {} } }),
    /spec\.pod\.spek/,
  ],
  ["a string for a number", spec({ size: "1" }), /^spec\.size must be a whole number/],
  ["a fraction", spec({ size: 1.5 }), /^spec\.size must be a whole number/],
  ["a number for a string", spec({ mode: 1 }), /^spec\.mode must be a string/],
  ["a string for a boolean", spec({ on: "true" }), /^spec\.on must be true or false/],
  ["a boolean for int-or-string", spec({ port: true }), /^spec\.port must be a whole number or a/],
  ["a map for a list", spec({ names: {} }), /^spec\.names must be a list/],
  ["a string for a map", spec({ labels: "a" }), /^spec\.labels must be a map/],
  ["a number as label", spec({ labels: { a: 1 } }), /^spec\.labels\.a must be a string/],
  ["what a free map declares", spec({ free: { n: "1" } }), /^spec\.free\.n must be a whole number/],
  [
    "a value that is not among them",
    spec({ color: "reed" }),
    /must be one of red, green -> did you mean red\?/,
  ],
  ["a missing field", { spec: {} }, /^spec\.size is missing/],
  ["a missing spec", {}, /^spec is missing/],
  ["a missing key", spec({ parts: [{ weight: 1 }] }), /^spec\.parts\[0\] has no name/],
  [
    "a key twice",
    spec({ parts: [{ name: "a" }, { name: "a", kind: "plain" }] }),
    /^spec\.parts has two with/,
  ],
  ["an element twice", spec({ set: ["a", "a"] }), /^spec\.set has two "a"/],
])("both refuse %s", async (_, fields, problem) => {
  const object = widget({
    ...fields,
    metadata: { ...(fields["metadata"] as object), name: "a", namespace: real.namespace },
  });
  expect(await refusal(object)).not.toBe("");
  const told = judgeObject(object, judging).map(({ message, remedy }) => `${message} -> ${remedy}`);
  expect(told).toEqual([expect.stringMatching(problem)]);
});

it("both refuse a version that is not served", async () => {
  const object = { ...widget(spec({})), apiVersion: `${group}/v2` };
  expect(await refusal(object)).not.toBe("");
  expect(judgeObject(object, judging)).toEqual([
    {
      path: ["apiVersion"],
      message: "the definition of Widget has no version v2 that is served",
      remedy: `write apiVersion: ${group}/v1`,
    },
  ]);
});

/** A while after the definition is there. */
async function served(): Promise<void> {
  const answer = await refusal(widget(spec({})));
  if (answer !== "") throw new Error(answer);
}

/** "" where the server takes it. */
async function refusal({ metadata, ...object }: KubernetesObject): Promise<string> {
  const version = object.apiVersion;
  const path = `/apis/${version}/namespaces/${real.namespace}/widgets/${metadata.name}`;
  const query = { fieldManager: "promoter", fieldValidation: "Strict", dryRun: "All" };
  const { status, body } = await real.send({
    method: "PATCH",
    path,
    query,
    apply: { ...object, metadata },
  });
  return status < 300 ? "" : `${status} ${JSON.stringify(body)}`;
}
