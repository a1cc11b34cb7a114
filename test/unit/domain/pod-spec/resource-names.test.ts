import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import { expect, it } from "vitest";
import { pluralOf, resourceAmong } from "../../../../src/domain/pod-spec/resource-names.ts";

it("names every built-in kind as the API server does", () => {
  const { minors, of } = loadKubernetesSchemas();
  const kinds = of(minors.at(-1) ?? "")?.kinds() ?? [];
  expect(kinds.length).toBeGreaterThan(50);
  expect(kinds.map(({ kind }) => [kind, pluralOf(kind)])).toEqual(
    kinds.map(({ kind, plural }) => [kind, plural]),
  );
});

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "oxen.farm.example" },
  spec: {
    group: "farm.example",
    scope: "Cluster",
    names: { kind: "Ox", plural: "oxen" },
    versions: [{ name: "v1" }],
  },
};

it("names a custom kind by its definition, and by nothing else", () => {
  const ox = { apiVersion: "farm.example/v1", kind: "Ox" };
  expect(resourceAmong(ox, [definition])).toEqual({ plural: "oxen", namespaced: false });
  expect(resourceAmong(ox, [])).toBeUndefined();
  expect(resourceAmong({ ...ox, apiVersion: "farm.example/v2" }, [definition])).toBeUndefined();
});
