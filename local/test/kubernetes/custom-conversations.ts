import { apply, get, merged, remove, type Step } from "./steps.ts";

/** A definition with a group of its own, for a server has each group once. */
const group = "<ns>.example.com";
const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const definition = (spec: object = {}, version: object = {}, properties: object = {}): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", shortNames: ["wg"], categories: ["toys"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", properties: { spec: widgetSpec, ...properties } },
        },
        ...version,
      },
    ],
    ...spec,
  },
});
const widgetSpec = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 9 },
    colour: { type: "string", enum: ["red", "blue"], default: "red" },
    name: { type: "string", minLength: 2, maxLength: 5, pattern: "^[a-z]*$" },
    since: { type: "string", format: "date-time" },
    port: { "x-kubernetes-int-or-string": true },
    weight: { type: "number", exclusiveMinimum: true, minimum: 0 },
    maybe: { type: "string", nullable: true },
    tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    plain: { type: "array", items: { type: "string" }, maxItems: 2 },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name", "side"],
      items: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          side: { type: "string", default: "left" },
          value: { type: "integer" },
        },
      },
    },
    labels: { type: "object", additionalProperties: { type: "string" } },
    ref: {
      type: "object",
      "x-kubernetes-map-type": "atomic",
      properties: { a: { type: "string" }, b: { type: "string" } },
    },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    nested: { type: "object", default: {}, properties: { on: { type: "boolean", default: true } } },
  },
};
const widgetsPath = `/apis/${group}/v1/namespaces/<ns>/widgets`;
const widget = `${widgetsPath}/w`;
const aWidget = (spec: object, rest: object = {}): object => ({
  apiVersion: `${group}/v1`,
  kind: "Widget",
  metadata: { name: "w", namespace: "<ns>" },
  spec,
  ...rest,
});
const withStatus = definition(
  {},
  {
    subresources: {
      status: {},
      scale: {
        specReplicasPath: ".spec.size",
        statusReplicasPath: ".status.size",
        labelSelectorPath: ".status.selector",
      },
    },
  },
  { status: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
);
const served: Step = { ...get(widgetsPath), isPatient: true };

const other = { metadata: { name: "other", namespace: "<ns>" } };
const wrongSpecs: readonly object[] = [
  {},
  { size: 1, unknown: 1 },
  { size: "1" },
  { size: 1.5 },
  { size: 0 },
  { size: 10 },
  { size: 1, colour: "green" },
  { size: 1, name: "a" },
  { size: 1, name: "abcdef" },
  { size: 1, name: "AB" },
  { size: 1, since: "yesterday" },
  { size: 1, port: true },
  { size: 1, weight: 0 },
  { size: 1, colour: null },
  { size: 1, tags: ["a", "a"] },
  { size: 1, plain: ["a", "b", "c"] },
  { size: 1, plain: "a" },
  { size: 1, parts: [{ name: "a" }, { name: "a", side: "left" }] },
  { size: 1, parts: [{ value: 1 }] },
  { size: 1, labels: { a: 1 } },
  { size: 1, nested: { on: "yes" } },
  { size: 1, ref: [] },
];

export const customConversations: Readonly<Record<string, readonly Step[]>> = {
  "when a definition is not valid": [
    apply(
      `${definitionsPath}/widgets.${group}`,
      definition({ names: { plural: "gadgets", kind: "Widget" } }),
    ),
    get(widgetsPath),
    get(`/apis/${group}/v1`),
  ],
  "when a definition serves its kind": [
    get(widgetsPath),
    apply(`${definitionsPath}/widgets.${group}`, definition()),
    served,
    get(`/apis/${group}/v1`),
    get(`/apis/${group}`),
    apply(widget, aWidget({ size: 1 })),
    apply(widget, aWidget({ size: 1 })),
    get(widget),
    get(`/apis/${group}/v1/namespaces/<ns>/gadgets`),
    get(`/apis/${group}/v2/namespaces/<ns>/widgets`),
    get(`${widget}/status`),
    apply(widget, aWidget({ size: 2 }, { metadata: { name: "w", labels: { a: "b" } } })),
    { method: "PATCH", path: widget, body: { spec: { size: 3 } }, type: merged },
    apply(widget, aWidget({ size: 4 })),
    { method: "POST", path: widgetsPath, body: aWidget({ size: 1 }) },
    remove(widget),
    get(widget),
    remove(`${definitionsPath}/widgets.${group}`),
  ],
  "when custom resources are wrong": [
    apply(`${definitionsPath}/widgets.${group}`, definition()),
    served,
    { method: "POST", path: widgetsPath, body: aWidget({ size: null }) },
    ...wrongSpecs.flatMap((spec) => [
      apply(widget, aWidget(spec)),
      { method: "POST", path: `${widgetsPath}?fieldValidation=Strict`, body: aWidget(spec, other) },
      { method: "POST", path: `${widgetsPath}?dryRun=All`, body: aWidget(spec, other) },
    ]),
    remove(`${definitionsPath}/widgets.${group}`),
  ],
  "when parts of custom resources merge": [
    apply(`${definitionsPath}/widgets.${group}`, definition()),
    served,
    apply(
      widget,
      aWidget({
        size: 1,
        tags: ["a", "b"],
        plain: ["x"],
        parts: [
          { name: "one", value: 1 },
          { name: "two", side: "right", value: 2 },
        ],
        labels: { a: "1" },
        ref: { a: "1" },
        free: { deep: { a: 1, list: [1, 2] } },
        port: "http",
        maybe: null,
      }),
    ),
    apply(
      widget,
      aWidget({
        tags: ["c"],
        parts: [{ name: "one", side: "right", value: 3 }],
        labels: { b: "2" },
        free: { deep: { b: 2 } },
      }),
      "fieldManager=other",
    ),
    apply(widget, aWidget({ ref: { b: "2" }, plain: ["y"] }), "fieldManager=third"),
    apply(
      widget,
      aWidget({
        size: 1,
        tags: ["b"],
        parts: [{ name: "two", side: "right" }],
        free: {},
        port: 80,
      }),
    ),
    get(widget),
    remove(`${definitionsPath}/widgets.${group}`),
  ],
  "when a custom resource has a status and a scale": [
    apply(`${definitionsPath}/widgets.${group}`, withStatus),
    served,
    get(`/apis/${group}/v1`),
    apply(widget, aWidget({ size: 1 }, { status: { phase: "mine" } })),
    {
      method: "PATCH",
      path: `${widget}/status?fieldManager=controller`,
      body: { status: { phase: "Ready", selector: "a=b" }, spec: { size: 7 } },
      type: merged,
    },
    apply(
      `${widget}/status`,
      aWidget({ size: 8 }, { status: { more: 1 } }),
      "fieldManager=applier",
    ),
    apply(widget, aWidget({ size: 2 })),
    get(`${widget}/scale`),
    {
      method: "PATCH",
      path: `${widget}/scale?fieldManager=hpa`,
      body: { spec: { replicas: 3 } },
      type: merged,
    },
    get(widget),
    remove(`${definitionsPath}/widgets.${group}`),
  ],
};
