import { describe, expect, it } from "vitest";
import { parseFieldsV1 } from "../../../../src/domain/pod-spec/field-set.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { fieldsOwnedBy, projectOwned } from "../../../../src/domain/pod-spec/owned-fields.ts";

// The form of FieldsV1: https://kubernetes.io/docs/reference/using-api/server-side-apply/#serialization

const live: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "orderbook",
    uid: "7d0c",
    resourceVersion: "812",
    generation: 3,
    creationTimestamp: "2026-01-05T09:00:00Z",
    labels: { app: "web", team: "blue" },
    finalizers: ["example.com/one", "example.com/two"],
    managedFields: [
      {
        manager: "promoter",
        operation: "Apply",
        apiVersion: "apps/v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:paused": {} } },
      },
      {
        manager: "promoter",
        operation: "Update",
        fieldsV1: { "f:spec": { "f:minReadySeconds": {} } },
      },
      {
        manager: "promoter",
        operation: "Apply",
        subresource: "status",
        fieldsV1: { "f:status": {} },
      },
      { manager: "kubectl", operation: "Apply", fieldsV1: { "f:spec": { "f:replicas": {} } } },
    ],
  },
  spec: {
    replicas: 5,
    paused: false,
    minReadySeconds: 10,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "app",
            image: "web:1",
            imagePullPolicy: "IfNotPresent",
            ports: [
              { containerPort: 80, protocol: "TCP", name: "http" },
              { containerPort: 80, protocol: "UDP" },
            ],
          },
          { name: "proxy", image: "envoy:1" },
        ],
        tolerations: [{ key: "spot", operator: "Exists" }],
      },
    },
  },
  status: { replicas: 5 },
};

const entry = (apiVersion: string, field: string): object => ({
  manager: "promoter",
  operation: "Apply",
  apiVersion,
  fieldsV1: { "f:spec": { [field]: {} } },
});
const project = (...fields: object[]): KubernetesObject =>
  projectOwned(live, fields.map(parseFieldsV1));
const address = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "orderbook" },
};
const containers = (fields: object): object => ({
  "f:spec": { "f:template": { "f:spec": { "f:containers": fields } } },
});
const projectedContainers = (...items: object[]): object => ({
  ...address,
  spec: { template: { spec: { containers: items } } },
});

describe("the projection of a live object on owned fields", () => {
  it.each<[string, object, object]>([
    [
      "nothing but the address for an empty set",
      { "f:metadata": { "f:annotations": {} } },
      address,
    ],
    ["a scalar", { "f:spec": { "f:replicas": {} } }, { ...address, spec: { replicas: 5 } }],
    [
      "an atomic map as a whole",
      { "f:spec": { "f:selector": {} } },
      { ...address, spec: { selector: { matchLabels: { app: "web" } } } },
    ],
    [
      "an atomic list as a whole",
      { "f:spec": { "f:template": { "f:spec": { "f:tolerations": {} } } } },
      {
        ...address,
        spec: { template: { spec: { tolerations: [{ key: "spot", operator: "Exists" }] } } },
      },
    ],
    ["a falsy value", { "f:spec": { "f:paused": {} } }, { ...address, spec: { paused: false } }],
    [
      "only the labels that are owned",
      { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } },
      { ...address, metadata: { ...address.metadata, labels: { app: "web" } } },
    ],
    [
      "the items of a set",
      { "f:metadata": { "f:finalizers": { 'v:"example.com/two"': {} } } },
      { ...address, metadata: { ...address.metadata, finalizers: ["example.com/two"] } },
    ],
    [
      "a list item with its key",
      containers({ 'k:{"name":"app"}': { "f:image": {} } }),
      projectedContainers({ name: "app", image: "web:1" }),
    ],
    [
      "a list item of which only the key is owned",
      containers({ 'k:{"name":"proxy"}': { ".": {}, "f:name": {} } }),
      projectedContainers({ name: "proxy" }),
    ],
    [
      "a list item as a whole",
      containers({ 'k:{"name":"proxy"}': {} }),
      projectedContainers({ name: "proxy", image: "envoy:1" }),
    ],
    [
      "a list item by all of its keys",
      containers({
        'k:{"name":"app"}': {
          "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { "f:name": {} } },
        },
      }),
      projectedContainers({
        name: "app",
        ports: [{ containerPort: 80, protocol: "TCP", name: "http" }],
      }),
    ],
    [
      "an empty map that is owned itself",
      { "f:spec": { ".": {}, "f:nothing": {} } },
      { ...address, spec: {} },
    ],
  ])("keeps %s", (_, fields, expected) => {
    expect(project(fields)).toEqual(expected);
  });

  it.each<[string, object]>([
    ["a field that is not there", { "f:spec": { "f:revisionHistoryLimit": {} } }],
    ["a list item that is not there", containers({ 'k:{"name":"gone"}': { "f:image": {} } })],
    ["a part of what is a scalar", { "f:spec": { "f:replicas": { "f:deeper": {} } } }],
    ["the status", { "f:status": { "f:replicas": {} } }],
    [
      "what the server keeps",
      {
        "f:metadata": {
          "f:uid": {},
          "f:resourceVersion": {},
          "f:managedFields": {},
          "f:generation": {},
          "f:creationTimestamp": {},
        },
      },
    ],
  ])("leaves out %s", (_, fields) => {
    expect(project(fields)).toEqual(address);
  });

  it("takes the union of all sets, down into the list items", () => {
    const sets = [
      containers({ 'k:{"name":"app"}': { "f:image": {} } }),
      containers({
        'k:{"name":"app"}': { "f:imagePullPolicy": {} },
        'k:{"name":"proxy"}': { "f:image": {} },
      }),
    ];
    expect(project(...sets)).toEqual(
      projectedContainers(
        { name: "app", image: "web:1", imagePullPolicy: "IfNotPresent" },
        { name: "proxy", image: "envoy:1" },
      ),
    );
  });

  it("addresses an object that has no namespace", () => {
    const namespace: KubernetesObject = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "orderbook" },
      spec: {},
    };
    expect(projectOwned(namespace, [])).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "orderbook" },
    });
  });
});

describe("the fields that a manager owns", () => {
  it("are those it applied: not what it updated, not those of a subresource, not another manager's", () => {
    expect(projectOwned(live, [fieldsOwnedBy(live, "promoter")])).toEqual({
      ...address,
      spec: { paused: false },
    });
    expect(projectOwned(live, [fieldsOwnedBy(live, "kubectl")])).toEqual({
      ...address,
      spec: { replicas: 5 },
    });
    expect(projectOwned(live, [fieldsOwnedBy(live, "nobody")])).toEqual(address);
  });

  it("are those of every version that it applied in", () => {
    const both = {
      ...live,
      metadata: {
        ...live.metadata,
        managedFields: [entry("apps/v1", "f:paused"), entry("apps/v1beta2", "f:replicas")],
      },
    };
    expect(projectOwned(both, [fieldsOwnedBy(both, "promoter")])).toEqual({
      ...address,
      spec: { replicas: 5, paused: false },
    });
  });
});
