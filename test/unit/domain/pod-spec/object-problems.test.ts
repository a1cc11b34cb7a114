import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { describe, expect, it } from "vitest";
import { objectProblems } from "../../../../src/domain/pod-spec/object-problems.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { describeRef, refOf } from "../../../../src/domain/pod-spec/object.ts";
import { judgingBy } from "../../../../src/domain/pod-spec/schema/judging.ts";

const judging = judgingBy(loadKubernetesSchemas());

function problemsOf(object: KubernetesObject): readonly string[] {
  return objectProblems(object, judging).map(
    ({ message }) => `${describeRef(refOf(object))}: ${message}`,
  );
}

const object = (kind: string, rest: Readonly<Record<string, unknown>> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "web", namespace: "orderbook" },
  ...rest,
});
const deployment = ({
  selector = { matchLabels: { app: "web" } },
  containers = [{ name: "app", image: "web:1" }],
}: { selector?: unknown; containers?: unknown } = {}) => ({
  ...object("Deployment"),
  apiVersion: "apps/v1",
  spec: {
    selector,
    template: { metadata: { labels: { app: "web", tier: "front" } }, spec: { containers } },
  },
});
const named = (metadata: KubernetesObject["metadata"]): KubernetesObject => ({
  ...object("ConfigMap"),
  metadata,
});

describe("the local check of an object", () => {
  it.each<[string, KubernetesObject]>([
    ["a Deployment", deployment()],
    [
      "a Service",
      object("Service", {
        spec: {
          ports: [
            { name: "http", port: 80 },
            { name: "last", port: 65_535 },
          ],
        },
      }),
    ],
    [
      "a Service without ports",
      object("Service", { spec: { type: "ExternalName", externalName: "example.com" } }),
    ],
    ["a ConfigMap", object("ConfigMap", { data: { a: "1" } })],
    ["a ConfigMap without data", object("ConfigMap")],
    ["a Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "orderbook" } }],
    [
      "a Role, whose name is not that of a host",
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "orderbook:reader" },
      },
    ],
    ["a kind it does not know", { ...object("Widget"), apiVersion: "example.com/v1alpha1" }],
  ])("finds nothing wrong with %s", (_, given) => {
    expect(problemsOf(given)).toEqual([]);
  });

  it.each<[string, KubernetesObject]>([
    [
      'ConfigMap orderbook/Web: metadata.name "Web" is not a lower-case RFC 1123 name',
      named({ name: "Web", namespace: "orderbook" }),
    ],
    [
      'ConfigMap order.book/web: metadata.namespace "order.book" is not a lower-case RFC 1123 label',
      named({ name: "web", namespace: "order.book" }),
    ],
    [
      "ConfigMap orderbook/web: metadata.managedFields must not be applied; remove it",
      named({ name: "web", namespace: "orderbook", managedFields: [] }),
    ],
    [
      'Widget orderbook/web: apiVersion "v1.0" is not of the form v1 or apps/v1',
      { ...object("Widget"), apiVersion: "v1.0" },
    ],
    ['widget orderbook/web: kind "widget" is not a kind', object("widget")],
    [
      "Deployment orderbook/web: spec.selector.matchLabels app=api is not a label of spec.template",
      deployment({ selector: { matchLabels: { app: "api" } } }),
    ],
    ["Deployment orderbook/web: spec.selector is missing", deployment({ selector: null })],
    [
      "Deployment orderbook/web: spec.template.spec.containers is empty",
      deployment({ containers: [] }),
    ],
    [
      "Deployment orderbook/web: spec.template.spec.containers[0] has no image",
      deployment({ containers: [{ name: "app" }] }),
    ],
    [
      "Deployment orderbook/web: spec.template.spec.containers[0] has no name",
      deployment({ containers: [{ image: "web:1" }] }),
    ],
    [
      'Deployment orderbook/web: spec.template.spec.containers has two named "a"',
      deployment({
        containers: [
          { name: "a", image: "x" },
          { name: "a", image: "y" },
        ],
      }),
    ],
    [
      "Service orderbook/web: spec.ports[1].port is not a number from 1 to 65535",
      object("Service", {
        spec: {
          ports: [
            { name: "a", port: 80 },
            { name: "b", port: "http" },
          ],
        },
      }),
    ],
    [
      'Service orderbook/web: spec.ports has two named "http"',
      object("Service", {
        spec: {
          ports: [
            { name: "http", port: 80 },
            { name: "http", port: 81 },
          ],
        },
      }),
    ],
    [
      "Service orderbook/web: spec.ports[1] has no name, which every one of several ports needs",
      object("Service", { spec: { ports: [{ name: "http", port: 80 }, { port: 81 }] } }),
    ],
    [
      'Deployment orderbook/web: spec.template.spec.containers[0].ports has two named "http"',
      deployment({
        containers: [
          {
            name: "a",
            image: "x",
            ports: [
              { name: "http", containerPort: 80 },
              { name: "http", containerPort: 81 },
            ],
          },
        ],
      }),
    ],
    [
      "ConfigMap orderbook/web: data.replicas must be a string, not the number 3",
      object("ConfigMap", { data: { replicas: 3, name: "web" } }),
    ],
    [
      "ConfigMap orderbook/web: data must be a map, not a list",
      object("ConfigMap", { data: ["a"] }),
    ],
  ])("finds: %s", (problem, given) => {
    expect(problemsOf(given)).toEqual([problem]);
  });

  it("reports every problem at once", () => {
    expect(
      problemsOf({ ...object("ConfigMap", { data: { a: 1, b: 2 } }), metadata: { name: "Web" } }),
    ).toHaveLength(3);
  });
});
