import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { inStages } from "../../../../src/domain/pod-spec/stages.ts";

const object = (apiVersion: string, kind: string, rest: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: kind.toLowerCase() },
  ...rest,
});
const first = { name: "first", annotations: { "promoter/phase": "before" } };
const deployment = object("apps/v1", "Deployment");
const job = object("batch/v1", "Job");
const migration = object("batch/v1", "Job", { metadata: first });
const settings = object("v1", "ConfigMap");
const namespace = object("v1", "Namespace");
const certificate = object("example.com/v1", "Certificate");
const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
  spec: { group: "example.com", names: { kind: "Certificate" }, versions: [{ name: "v1" }] },
});

const names = (...objects: KubernetesObject[]): readonly (readonly string[])[] =>
  inStages(objects).map((stage) => stage.map(({ metadata }) => metadata.name));

describe("the stages of objects", () => {
  it("are one, in the order of their kinds, where nothing is waited for", () => {
    expect(names(deployment, job, settings)).toEqual([["configmap", "job", "deployment"]]);
    expect(names(certificate, deployment)).toEqual([["deployment", "certificate"]]);
    expect(names(definition, deployment)).toEqual([["customresourcedefinition", "deployment"]]);
    expect(inStages([])).toEqual([]);
  });

  it("have what is annotated, and what it may need, before the workloads and other Jobs", () => {
    expect(names(deployment, job, migration, settings, namespace)).toEqual([
      ["namespace", "configmap", "first"],
      ["job", "deployment"],
    ]);
  });

  it("have any kind first that is annotated", () => {
    const secret = object("external-secrets.io/v1", "ExternalSecret", { metadata: first });
    expect(names(deployment, secret)).toEqual([["first"], ["deployment"]]);
  });

  it("have definitions before the resources that they define", () => {
    expect(names(certificate, deployment, definition)).toEqual([
      ["customresourcedefinition"],
      ["deployment", "certificate"],
    ]);
    expect(names(certificate, migration, deployment, definition)).toEqual([
      ["customresourcedefinition"],
      ["first"],
      ["deployment", "certificate"],
    ]);
  });
});
