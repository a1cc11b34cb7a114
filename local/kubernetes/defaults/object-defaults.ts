import { type JsonObject, listAt, objectAt, stringAt, valueAt } from "../../json-value.ts";
import { nameOf, withDefault, withValue } from "../objects/object-value.ts";
import { fillElements, fillFields } from "./fill-fields.ts";
import { jobDefaults } from "./job-defaults.ts";
import { kindDefaults, withListDefaults } from "./kind-defaults.ts";
import { podDefaults, podSpecDefaults } from "./pod-spec-defaults.ts";

/**
 * The defaults of the API server that rollouts and comparisons need, in the order of its own files
 * (kubernetes/kubernetes pkg/apis/core/v1/defaults.go and pkg/apis/apps/v1/defaults.go).
 */
export function withDefaults(kind: string, object: JsonObject): JsonObject {
  const filled = fillFields(object, kindDefaults.get(kind) ?? []);
  return withPodTemplates(kind, withListDefaults(kind, ownDefaults(kind, filled)));
}

function ownDefaults(kind: string, object: JsonObject): JsonObject {
  switch (kind) {
    case "Deployment":
      return deploymentDefaults(object);
    case "Job":
      return jobDefaults(object);
    case "Pod":
      return podDefaults(object);
    case "Service":
      return fillFields(serviceDefaults(object), [["status.loadBalancer", {}]]);
    case "Secret":
      return secretDefaults(object);
    case "CustomResourceDefinition":
      return definitionDefaults(object);
    case "Namespace":
      return namespaceDefaults(object);
    default:
      return object;
  }
}

function deploymentDefaults(object: JsonObject): JsonObject {
  const withStrategy = fillFields(object, [
    ["spec.replicas", 1],
    ["spec.revisionHistoryLimit", 10],
    ["spec.progressDeadlineSeconds", 600],
    ["spec.strategy.type", "RollingUpdate"],
    ["status", {}],
  ]);
  if (stringAt(withStrategy, "spec", "strategy", "type") !== "RollingUpdate") return withStrategy;
  return fillFields(withStrategy, [
    ["spec.strategy.rollingUpdate.maxSurge", "25%"],
    ["spec.strategy.rollingUpdate.maxUnavailable", "25%"],
  ]);
}

/** Where a kind has the template of a pod. */
function withPodTemplates(kind: string, object: JsonObject): JsonObject {
  const places: Readonly<Record<string, readonly string[]>> = {
    CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
    PodTemplate: ["template", "spec"],
  };
  const place = places[kind] ?? ["spec", "template", "spec"];
  if (valueAt(object, ...place) === undefined) return object;
  return withValue(object, place, podSpecDefaults(objectAt(object, ...place)));
}

function serviceDefaults(object: JsonObject): JsonObject {
  const filled = fillFields(object, [
    ["spec.type", "ClusterIP"],
    ["spec.sessionAffinity", "None"],
  ]);
  if (stringAt(filled, "spec", "type") === "ExternalName") return filled;
  const addressed = fillFields(filled, [
    ["spec.internalTrafficPolicy", "Cluster"],
    ["spec.ipFamilies", ["IPv4"]],
    ["spec.ipFamilyPolicy", "SingleStack"],
  ]);
  const spec = fillElements(objectAt(addressed, "spec"), "ports", (port) => {
    const targeted =
      valueAt(port, "port") === undefined
        ? port
        : withDefault(port, ["targetPort"], valueAt(port, "port") ?? null);
    return withDefault(targeted, ["protocol"], "TCP");
  });
  return { ...addressed, spec };
}

/** `stringData` is written only: it ends up, encoded, in `data`. */
function secretDefaults(object: JsonObject): JsonObject {
  const filled = withDefault(object, ["type"], "Opaque");
  const texts = Object.entries(objectAt(filled, "stringData"));
  if (texts.length === 0) return filled;
  const encoded = texts.map(
    ([key, text]) =>
      [key, Buffer.from(typeof text === "string" ? text : "").toString("base64")] as const,
  );
  return withValue(
    { ...filled, data: { ...objectAt(filled, "data"), ...Object.fromEntries(encoded) } },
    ["stringData"],
    undefined,
  );
}

/** apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go, and what its strategy begins with. */
function definitionDefaults(object: JsonObject): JsonObject {
  const kind = stringAt(object, "spec", "names", "kind") ?? "";
  const stored = listAt(object, "spec", "versions").filter(
    (version) => valueAt(version, "storage") === true,
  );
  return fillFields(object, [
    ["spec.conversion", { strategy: "None" }],
    ["spec.names.singular", kind.toLowerCase()],
    ["spec.names.listKind", `${kind}List`],
    ["status.conditions", null],
    ["status.acceptedNames", { plural: "", kind: "" }],
    ["status.storedVersions", stored.map((version) => stringAt(version, "name") ?? "")],
  ]);
}

function namespaceDefaults(object: JsonObject): JsonObject {
  const labelled = withDefault(
    object,
    ["metadata", "labels", "kubernetes.io/metadata.name"],
    nameOf(object),
  );
  return fillFields(labelled, [["status.phase", "Active"]]);
}
