import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../../src/domain/pod-spec/object.ts";
import { judgeObject } from "../../../../../src/domain/pod-spec/schema/judge-object.ts";
import { judgingBy } from "../../../../../src/domain/pod-spec/schema/judging.ts";

const schemas = loadKubernetesSchemas();

function told(object: KubernetesObject, minor?: string): readonly string[] {
  return judgeObject(object, judgingBy(schemas, minor)).map(
    ({ message, remedy }) => `${message} -> ${remedy}`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

const deployment = (spec: Fields = {}, pod: Fields = {}, container: Fields = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "web:1", ...container }], ...pod },
    },
    ...spec,
  },
});
const configMap = (fields: Fields): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a" },
  ...fields,
});
const at = "spec.template.spec.containers[0]";

describe("what the API server takes is not judged", () => {
  it.each<readonly [string, KubernetesObject]>([
    ["null, for whatever type", deployment({ replicas: null, strategy: null, paused: null })],
    [
      "an empty creationTimestamp",
      deployment({ template: { metadata: { creationTimestamp: null } } }),
    ],
    ["a null among texts", configMap({ data: { a: null } })],
    ["a number that is whole, as 3.0", deployment({ replicas: 3.0 })],
    [
      "quantities as numbers",
      deployment({}, {}, { resources: { limits: { cpu: 0.5, memory: 1 } } }),
    ],
    [
      "an odd quantity",
      deployment({}, {}, { resources: { limits: { cpu: "+.5", memory: "1e3" } } }),
    ],
    ["a port by name", deployment({}, {}, { readinessProbe: { httpGet: { port: "http" } } })],
    ["the empty string of an enumeration", deployment({}, {}, { imagePullPolicy: "" })],
    [
      "a port of two protocols",
      deployment(
        {},
        {},
        { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] },
      ),
    ],
    ["the same argument twice", deployment({}, {}, { args: ["-v", "-v"] })],
    ["base64 over lines", { ...configMap({}), kind: "Secret", data: { a: "YWJj\nYWJj\n" } }],
    ["a custom resource", { ...configMap({ spec: { x: 1 } }), apiVersion: "example.com/v1" }],
  ])("%s", (_, object) => {
    expect(told(object)).toEqual([]);
  });
});

describe("a field that does not exist", () => {
  it.each<readonly [KubernetesObject, string]>([
    [deployment({ replcas: 3 }), "there is no field spec.replcas -> did you mean replicas?"],
    [deployment({ replcas: null }), "there is no field spec.replcas -> did you mean replicas?"],
    [
      deployment({}, { replicas: 3 }),
      "there is no field spec.template.spec.replicas -> move it to spec, which has such a field",
    ],
    [
      deployment({ metadata: {} }),
      "there is no field spec.metadata -> move it to the top of the object, which has such a field",
    ],
    [
      deployment({}, {}, { runAsUser: 1 }),
      `there is no field ${at}.runAsUser -> move it into ${at}.securityContext, which has such a field`,
    ],
    [{ ...deployment(), quux: {} }, "there is no field quux -> remove it, or correct its name"],
    [
      configMap({ metadata: { name: "a", toString: "x" } }),
      "there is no field metadata.toString -> remove it, or correct its name",
    ],
  ])("is told with what was meant", (object, problem) => {
    expect(told(object)).toEqual([problem]);
  });

  it("is told with the minor that has it", () => {
    const object = deployment({}, {}, { restartPolicyRules: [] });
    expect(told(object, "1.34")).toEqual([]);
    expect(told(object, "1.33")[0]).toMatch(
      /^there is no field .*\.restartPolicyRules in Kubernetes 1\.33: it came with 1\.34 -> remove it/,
    );
  });

  it("is left to a server that is newer than what is known; the rest is judged", () => {
    const object = deployment({ replcas: 3, replicas: "3", strategy: { type: "Canary" } });
    expect(told(object, "1.99")).toEqual([
      'spec.replicas must be a whole number, not the string "3" -> write it without quotes',
    ]);
    expect(told(configMap({ kind: "Gadget" }), "1.99")).toEqual([]);
  });

  it("is judged by the oldest minor that is known for an older server", () => {
    expect(told(deployment({}, {}, { restartPolicyRules: [] }), "1.20")[0]).toContain("1.32");
  });
});

describe("a value of another type", () => {
  it.each<readonly [KubernetesObject, string]>([
    [
      deployment({ replicas: "many" }),
      'spec.replicas must be a whole number, not the string "many" -> write a whole number',
    ],
    [
      deployment({ replicas: 1.5 }),
      "spec.replicas must be a whole number, not the number 1.5 -> write a whole number",
    ],
    [
      deployment({ paused: "true" }),
      'spec.paused must be true or false, not the string "true" -> write it without quotes',
    ],
    [
      configMap({ metadata: { name: "a", annotations: { "a.b/c": true } } }),
      'metadata.annotations["a.b/c"] must be a string, not the boolean true -> put it in quotes',
    ],
    [
      deployment({}, {}, { env: { A: "1" } }),
      `${at}.env must be a list, not a map -> write a - before each element`,
    ],
    [
      deployment({}, {}, { args: "-v" }),
      `${at}.args must be a list, not the string "-v" -> write it as ["-v"]`,
    ],
    [
      deployment({}, {}, { env: [null] }),
      `${at}.env[0] must be a map, not empty -> write it as { name: value }`,
    ],
    [
      deployment({}, {}, { resources: { limits: { memory: "1GB" } } }),
      `${at}.resources.limits.memory must be a quantity as 500m or 2Gi, not the string "1GB" -> write a quantity as 500m or 2Gi`,
    ],
    [
      deployment({}, {}, { readinessProbe: { httpGet: { port: true } } }),
      `${at}.readinessProbe.httpGet.port must be a whole number or a string, not the boolean true -> write a whole number or a string`,
    ],
    [
      { ...configMap({}), kind: "Secret", data: { password: "not base64!" } },
      "data.password must be a string in base64, not this string -> put it in base64, or write it under stringData as it is",
    ],
    [
      { ...configMap({}), kind: "Secret", data: { password: "hunter2" } },
      "data.password must be a string in base64, not this string -> put it in base64, or write it under stringData as it is",
    ],
    [
      { ...configMap({}), kind: "Secret", stringData: { pin: 1234 } },
      "stringData.pin must be a string, not this number -> put it in quotes",
    ],
    [
      deployment({}, {}, { imagePullPolicy: "always" }),
      `${at}.imagePullPolicy must be one of Always, IfNotPresent, Never -> did you mean Always?`,
    ],
  ])("is told", (object, problem) => {
    expect(told(object)).toEqual([problem]);
  });
});

describe("a required field that is missing", () => {
  it.each<readonly [KubernetesObject, string]>([
    [deployment({ selector: undefined }), "spec.selector is missing -> write selector"],
    [deployment({ selector: null }), "spec.selector is empty -> write its selector"],
    [deployment({}, {}, { env: [{ value: "1" }] }), `${at}.env[0] has no name -> write its name`],
    [deployment({}, {}, { name: null }), `${at}.name is empty -> write its name`],
  ])("is told", (object, problem) => {
    expect(told(object)).toEqual([problem]);
  });

  it("is not told where the server does without", () => {
    const claim = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
    expect(told({ ...claim, metadata: { name: "a" }, spec: {} }, "1.32")).toEqual([]);
    const limits = { apiVersion: "v1", kind: "LimitRange", metadata: { name: "a" }, spec: {} };
    expect(told(limits)).toEqual([]);
  });
});

describe("elements that the server cannot tell apart", () => {
  it.each<readonly [KubernetesObject, string]>([
    [deployment({}, {}, { env: [{ name: "A" }, { name: "A" }] }), `${at}.env has two named "A"`],
    [
      deployment(
        {},
        {},
        { ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] },
      ),
      `${at}.ports has two with containerPort 80, protocol TCP`,
    ],
    [
      configMap({ metadata: { name: "a", finalizers: ["a/b", "a/b"] } }),
      'metadata.finalizers has two "a/b"',
    ],
  ])("are told", (object, problem) => {
    expect(told(object)).toEqual([
      `${problem} -> keep one of the two: the API server tells them apart by nothing else`,
    ]);
  });
});

describe("a kind that Kubernetes does not have there", () => {
  it.each([
    ["extensions/v1beta1", "Deployment", "write apiVersion: apps/v1"],
    ["extensions/v1beta1", "Ingress", "write apiVersion: networking.k8s.io/v1"],
    ["policy/v1beta1", "PodDisruptionBudget", "write apiVersion: policy/v1"],
    ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "write apiVersion: autoscaling/v2"],
    ["v1", "Deployment", "write apiVersion: apps/v1"],
    ["app/v1", "Deployment", "write apiVersion: apps/v1"],
    ["apps/v1", "Deploymnt", "did you mean Deployment?"],
    ["policy/v1beta1", "PodSecurityPolicy", "remove the object, or correct apiVersion and kind"],
  ])("%s %s is told with what it has", (apiVersion, kind, remedy) => {
    expect(told({ apiVersion, kind, metadata: { name: "a" } })).toEqual([
      expect.stringMatching(
        `^Kubernetes 1\\.36 has no ${kind}\\b.* -> ${remedy.replace("?", "\\?")}$`,
      ),
    ]);
  });

  it("is told with the version that the minor has", () => {
    const cidr = {
      apiVersion: "networking.k8s.io/v1",
      kind: "ServiceCIDR",
      metadata: { name: "a" },
    };
    expect(told({ ...cidr, spec: { cidrs: ["10.0.0.0/8"] } }, "1.33")).toEqual([]);
    expect(told(cidr, "1.32")).toEqual([
      "Kubernetes 1.32 has no ServiceCIDR in networking.k8s.io/v1 -> write apiVersion: networking.k8s.io/v1beta1",
    ]);
  });

  it("is not judged in a group of custom resources", () => {
    const knative = { apiVersion: "serving.knative.dev/v1", kind: "Service" };
    expect(told({ ...knative, metadata: { name: "a" }, spec: { template: {} } })).toEqual([]);
  });
});

it("a number as long as a file is judged at once", () => {
  const memory = `${"1".repeat(1_000_000)}x`;
  expect(told(deployment({}, {}, { resources: { limits: { memory } } }))).toEqual([
    expect.stringContaining("must be a quantity as 500m or 2Gi, not this string"),
  ]);
});
