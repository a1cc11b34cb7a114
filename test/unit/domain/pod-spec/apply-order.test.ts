import { describe, expect, it } from "vitest";
import { inApplyOrder, inRemovalOrder } from "../../../../src/domain/pod-spec/apply-order.ts";
import { refOf, type KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";

const objects: readonly KubernetesObject[] = [
  "Deployment/b",
  "Service/a",
  "Widget/a",
  "ConfigMap/a",
  "Deployment/a",
  "Namespace/a",
  "ServiceAccount/a",
  "Secret/a",
].map((text) => {
  const [kind = "", name = ""] = text.split("/");
  const groups: Readonly<Record<string, string>> = { Deployment: "apps/", Widget: "example.com/" };
  return { apiVersion: `${groups[kind] ?? ""}v1`, kind, metadata: { name } };
});
const shown = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  `${kind}/${name}`;

describe("the order of objects", () => {
  it("applies what others need first, custom resources after what starts pods, and one kind as given", () => {
    expect(inApplyOrder(objects).map((object) => shown(refOf(object)))).toEqual([
      "Namespace/a",
      "ServiceAccount/a",
      "ConfigMap/a",
      "Secret/a",
      "Service/a",
      "Deployment/b",
      "Deployment/a",
      "Widget/a",
    ]);
  });

  it("removes the other way round, and never a Namespace", () => {
    expect(inRemovalOrder(objects.map(refOf)).map(shown)).toEqual([
      "Widget/a",
      "Deployment/b",
      "Deployment/a",
      "Service/a",
      "Secret/a",
      "ConfigMap/a",
      "ServiceAccount/a",
    ]);
  });
});
