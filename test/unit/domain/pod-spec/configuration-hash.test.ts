import { describe, expect, it } from "vitest";
import { recordAt } from "../../../../src/domain/json.ts";
import {
  configurationAnnotation,
  configurationOf,
  noteOldValues,
  withConfiguration,
} from "../../../../src/domain/pod-spec/configuration-hash.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { hmacSha256 } from "../../../../src/runtime/hash.ts";

const key = "0b".repeat(32);
const namespace = "shop";
const secret = (fields: object): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "one", namespace },
  ...fields,
});
const settings = (fields: object, name = "one"): KubernetesObject => ({
  ...secret(fields),
  kind: "ConfigMap",
  metadata: { name, namespace },
});
const workload = (pod: object, kind = "Deployment"): KubernetesObject => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name: "web", namespace },
  spec: { template: { metadata: { annotations: { mine: "1" } }, spec: pod } },
});
const variables = { containers: [{ name: "main", envFrom: [{ configMapRef: { name: "one" } }] }] };
const secretVariables = { containers: [{ name: "a", envFrom: [{ secretRef: { name: "one" } }] }] };

function annotationsOf(pod: object, objects: readonly KubernetesObject[], by = key) {
  const marked = withConfiguration(workload(pod), objects, (text) => hmacSha256(by, text));
  return recordAt(marked, "spec", "template", "metadata", "annotations");
}
const macOf = (...given: Parameters<typeof annotationsOf>): unknown =>
  annotationsOf(...given)[configurationAnnotation];

const env = (valueFrom: object): object => ({ env: [{ name: "A", valueFrom }] });

describe("what a workload uses", () => {
  it.each<[string, object, string]>([
    ["a variable", { containers: [env({ configMapKeyRef: { name: "one" } })] }, "ConfigMap"],
    ["a secret variable", { containers: [env({ secretKeyRef: { name: "one" } })] }, "Secret"],
    ["all variables", variables, "ConfigMap"],
    ["all secret variables", secretVariables, "Secret"],
    ["an init container", { initContainers: variables.containers }, "ConfigMap"],
    ["an ephemeral container", { ephemeralContainers: variables.containers }, "ConfigMap"],
    ["a volume", { volumes: [{ configMap: { name: "one" } }] }, "ConfigMap"],
    ["a secret volume", { volumes: [{ secret: { secretName: "one" } }] }, "Secret"],
    [
      "a projected volume",
      { volumes: [{ projected: { sources: [{ configMap: { name: "one" } }] } }] },
      "ConfigMap",
    ],
    [
      "a projected secret",
      { volumes: [{ projected: { sources: [{ secret: { name: "one" } }] } }] },
      "Secret",
    ],
  ])("%s", (_, pod, kind) => {
    const used = configurationOf(workload(pod), [secret({}), settings({}), settings({}, "two")]);
    expect(used.map((one) => `${one.kind} ${one.metadata.name}`)).toEqual([`${kind} one`]);
  });

  it("is nothing of another namespace, and nothing of what does not restart by its template", () => {
    const elsewhere = { ...settings({}), metadata: { name: "one", namespace: "other" } };
    expect(configurationOf(workload(variables), [elsewhere])).toEqual([]);
    expect(configurationOf(workload(variables, "Job"), [settings({})])).toEqual([]);
  });
});

describe("the annotation of a workload", () => {
  const info = settings({ data: { LOG_LEVEL: "info" } });

  it("is an HMAC, 32 characters long, beside those that are there", () => {
    const text = '{"texts/one":{"binaryData":{},"data":{"LOG_LEVEL":"info"}}}';
    expect(annotationsOf(variables, [info])).toEqual({
      mine: "1",
      [configurationAnnotation]: hmacSha256(key, text).slice(0, 32),
    });
  });

  it("is another for another key, and for any other data", () => {
    const macs = [
      macOf(variables, [info]),
      macOf(variables, [info], "0c".repeat(32)),
      macOf(variables, [settings({ data: { LOG_LEVEL: "warn" } })]),
      macOf(variables, [settings({ data: {}, binaryData: { LOG_LEVEL: "info" } })]),
    ];
    expect(new Set(macs).size).toBe(4);
  });

  it("stays when labels or what it does not use change, or objects come in another order", () => {
    const labelled = { ...info, metadata: { ...info.metadata, labels: { a: "b" } } };
    const both = { ...variables, volumes: [{ configMap: { name: "two" } }] };
    const two = settings({ data: { a: "1" } }, "two");
    expect(macOf(variables, [labelled, two])).toBe(macOf(variables, [info]));
    expect(macOf(both, [two, info])).toBe(macOf(both, [info, two]));
    expect(macOf(both, [two, info])).not.toBe(macOf(variables, [info]));
  });

  it("is the same for a Secret in stringData and in data", () => {
    const written = secret({ stringData: { password: "hunter2" } });
    const stored = secret({ data: { password: "aHVudGVyMg==" } });
    expect(macOf(secretVariables, [written])).toBe(macOf(secretVariables, [stored]));
  });

  it("is absent where nothing of the objects is used", () => {
    expect(annotationsOf({ containers: [{ name: "main" }] }, [info])).toEqual({ mine: "1" });
  });
});

describe("the note about old values", () => {
  const change = {
    object: "ConfigMap shop/one",
    kind: "change",
    fields: [{ path: "data.LOG_LEVEL", from: "info", to: "warn" }],
    unchecked: false,
  } as const;
  const same = {
    object: "Deployment shop/web",
    kind: "same",
    fields: [],
    unchecked: false,
  } as const;
  const objects = [settings({}), workload(variables)];
  const notesOf = (...differences: Parameters<typeof noteOldValues>[0]) =>
    noteOldValues(differences, objects).map(({ note }) => note);

  it("names the workloads whose pods stay", () => {
    expect(notesOf(change, same)).toEqual([
      "pods of Deployment shop/web keep the old values until they restart",
      undefined,
    ]);
  });

  it("is absent when they restart or start, or no value changes", () => {
    const labels = { ...change, fields: [{ path: "metadata.labels.a", from: "1", to: "2" }] };
    expect(notesOf(change, { ...same, kind: "change", restartedBy: ["spec.template"] })).toEqual([
      undefined,
      undefined,
    ]);
    expect(notesOf(change, { ...same, kind: "create" })).toEqual([undefined, undefined]);
    expect(notesOf(labels, same)).toEqual([undefined, undefined]);
  });
});
