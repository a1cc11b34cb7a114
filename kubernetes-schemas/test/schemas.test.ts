import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseField, type Shape } from "../field-text.ts";
import { loadKubernetesSchemas } from "../load.ts";
import { kubernetesSchemas, type MinorSchemas } from "../schemas.ts";

const schemas = loadKubernetesSchemas();

function of(minor: string): MinorSchemas {
  const found = schemas.of(minor);
  if (!found) throw new Error(`no schemas of ${minor}`);
  return found;
}

describe("the text of a field", () => {
  it("has base, what is around it, and attributes", () => {
    expect(parseField("!core.v1.Port[port,protocol] patch=merge:port")).toEqual({
      shape: {
        kind: "list",
        of: { kind: "object", type: "core.v1.Port", atomic: undefined },
        merge: ["port", "protocol"],
      },
      required: true,
      default: undefined,
      values: undefined,
      patch: { strategy: "merge", key: "port" },
    });
    expect(parseField('string default="TCP" enum=TCP|a b|')).toMatchObject({
      shape: { kind: "scalar", type: "string" },
      required: false,
      default: "TCP",
      values: ["TCP", "a b", ""],
    });
    expect(parseField("string[set]{} atomic").shape).toEqual({
      kind: "map",
      of: { kind: "list", of: { kind: "scalar", type: "string" }, merge: "set" },
      atomic: true,
    });
    expect(parseField("core.v1.ObjectReference granular").shape).toMatchObject({ atomic: false });
  });

  it("is refused where it is not one", () => {
    expect(() => parseField("string[")).toThrow('"string[" is not a field of kubernetes.json');
  });
});

describe("the data", () => {
  it("is below 700 KB", () => {
    const { size } = statSync(new URL("../kubernetes.json", import.meta.url));
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(700_000);
  });

  it.each(schemas.minors)("of %s names no type that it does not have", (minor) => {
    const { kinds, type } = of(minor);
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const { shape } of type(name).fields.values()) typesIn(shape).forEach(visit);
    };
    kinds().forEach((kind) => visit(kind.type));
    expect(kinds().length).toBeGreaterThan(60);
    expect(seen.size).toBeGreaterThan(400);
  });

  it("has the fields that a minor added from there on", () => {
    const containers = schemas.minors.map((minor) => of(minor).type("core.v1.Container"));
    expect(containers.map(({ fields }) => fields.has("restartPolicyRules"))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it("has the kinds of a minor, and no others", () => {
    expect(of("1.36").kind("apps/v1", "Deployment")).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      plural: "deployments",
      namespaced: true,
      type: "apps.v1.Deployment",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      subresources: ["scale", "status"],
    });
    expect(of("1.36").kind("v1", "Namespace")).toMatchObject({ namespaced: false });
    expect(of("1.36").kind("extensions/v1beta1", "Deployment")).toBeUndefined();
    expect(of("1.36").kind("v1", "toString")).toBeUndefined();
    const isServed = (minor: string): boolean =>
      of(minor).kind("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy") !== undefined;
    expect(schemas.minors.map(isServed)).toEqual([false, false, false, false, true]);
  });

  it("tells how lists and maps merge", () => {
    const { type } = of("1.36");
    const mergeOf = (name: string, field: string): unknown => {
      const shape = type(name).fields.get(field)?.shape;
      return shape?.kind === "list" ? shape.merge : shape?.kind === "map" && shape.atomic;
    };
    expect(mergeOf("core.v1.PodSpec", "containers")).toEqual(["name"]);
    expect(mergeOf("core.v1.Container", "ports")).toEqual(["containerPort", "protocol"]);
    expect(mergeOf("core.v1.Container", "args")).toBe("atomic");
    expect(mergeOf("meta.v1.ObjectMeta", "finalizers")).toBe("set");
    expect(mergeOf("core.v1.PodSpec", "nodeSelector")).toBe(true);
    expect(mergeOf("core.v1.ConfigMap", "data")).toBe(false);
    expect(type("meta.v1.LabelSelector").atomic).toBe(true);
    expect(type("core.v1.ContainerPort").fields.get("protocol")?.default).toBe("TCP");
  });

  it("tells the values of enumerations", () => {
    const { values } = of("1.32").type("core.v1.Container").fields.get("imagePullPolicy") ?? {};
    expect(values).toEqual(["Always", "IfNotPresent", "Never"]);
  });

  it("knows no other minor, and says which type a minor does not have", () => {
    expect(schemas.of("1.31")).toBeUndefined();
    expect(() => of("1.36").type("core.v1.Cantainer")).toThrow(
      "Kubernetes 1.36 has no type core.v1.Cantainer",
    );
  });
});

it("a meaning holds until the minor that has another", () => {
  const read = kubernetesSchemas({
    minors: ["1.1", "1.2", "1.3", "1.4"],
    kinds: {},
    types: { t: { "1.2": { fields: { a: "string" } }, "1.4": null } },
  });
  const has = (minor: string): boolean => {
    try {
      return read.of(minor)?.type("t").fields.has("a") ?? false;
    } catch {
      return false;
    }
  };
  expect(read.minors.map(has)).toEqual([false, true, true, false]);
});

function typesIn(shape: Shape): readonly string[] {
  if (shape.kind === "object") return [shape.type];
  return shape.kind === "map" || shape.kind === "list" ? typesIn(shape.of) : [];
}
