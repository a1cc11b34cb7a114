import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../../src/domain/pod-spec/object.ts";
import { judgeObject } from "../../../../../src/domain/pod-spec/schema/judge-object.ts";
import { judgingBy } from "../../../../../src/domain/pod-spec/schema/judging.ts";
import { base, deployment, told as toldByValidate } from "../../../config/shop-project.ts";

// How the server judges the same is in test/cluster/judge-custom.test.ts.

const definition = (version: object, spec: object = {}): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Widget", plural: "widgets" },
    versions: [{ name: "v1", served: true, ...version }],
    ...spec,
  },
});
const sized = {
  schema: {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
    },
  },
};
const widget = (spec: object, apiVersion = "example.com/v1"): KubernetesObject => ({
  apiVersion,
  kind: "Widget",
  metadata: { name: "a" },
  spec,
});

function told(object: KubernetesObject, ...definitions: readonly KubernetesObject[]) {
  const judging = judgingBy(loadKubernetesSchemas());
  return judgeObject(object, { ...judging, definitions }).map(({ message }) => message);
}

describe("a custom resource", () => {
  it("is judged by its definition", () => {
    expect(told(widget({ size: 1 }), definition(sized))).toEqual([]);
    expect(told(widget({ sise: 1 }), definition(sized))).toEqual(["there is no field spec.sise"]);
  });

  it("is not judged without one, nor by that of another group", () => {
    const other = definition(sized, { group: "example.org" });
    expect(told(widget({ sise: 1 }))).toEqual([]);
    expect(told(widget({ sise: 1 }), other)).toEqual([]);
  });

  it("is not judged where its version has no schema, or keeps all fields", () => {
    expect(told(widget({ sise: 1 }), definition({}))).toEqual([]);
    const keeping = definition(sized, { preserveUnknownFields: true });
    expect(told(widget({ sise: 1 }), keeping)).toEqual([]);
  });

  it("is told which versions are served", () => {
    const versions = ["v1", "v2"].map((name) => ({ name, served: name === "v2" }));
    expect(told(widget({}), definition({}, { versions }))).toEqual([
      "the definition of Widget has no version v1 that is served",
    ]);
  });

  it("is judged among the files of its definition, with its place", async () => {
    const kinds = "files: deploy, kinds: [Widget, CustomResourceDefinition]";
    const crd = definition(
      { storage: true, ...sized },
      { scope: "Namespaced", names: { kind: "Widget", plural: "widgets" } },
    );
    expect(
      await toldByValidate(
        base.replaceAll("files: deploy", kinds),
        deployment,
        JSON.stringify(crd),
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\nspec:\n  sise: 1\n",
      ),
    ).toEqual(["deploy/2.yaml:5:3 there is no field spec.sise -> did you mean size?"]);
  });
});
