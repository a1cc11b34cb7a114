import { ownEntry } from "../../domain/own-entry.ts";
import { isRecord, textAt, valueAt } from "../../domain/pod-spec/json.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import { objectProblems } from "../../domain/pod-spec/validate-locally.ts";
import { closest } from "../closest.ts";
import type { Finding } from "../fault.ts";

/** What an environment asks of its objects; undefined where promoter.yml itself is wrong there. */
export interface ObjectRules {
  readonly namespace: string | undefined;
  readonly secrets: "refuse" | "allow";
}

/** The kinds that can be carried out, and where they live. */
const supportedKinds: Readonly<
  Record<string, { readonly apiVersion: string; readonly isNamespaced: boolean }>
> = {
  Namespace: { apiVersion: "v1", isNamespaced: false },
  ConfigMap: { apiVersion: "v1", isNamespaced: true },
  Service: { apiVersion: "v1", isNamespaced: true },
  Deployment: { apiVersion: "apps/v1", isNamespaced: true },
  Secret: { apiVersion: "v1", isNamespaced: true },
};

/**
 * Fields that `kubectl get -o yaml` shows and only the API server writes (Kubernetes API
 * conventions, "Metadata").
 */
const serverFields: readonly (readonly string[])[] = [
  ["status"],
  ...["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"].map(
    (field) => ["metadata", field],
  ),
];

export function isNamespaced(kind: string): boolean {
  return ownEntry(supportedKinds, kind)?.isNamespaced ?? true;
}

/**
 * What is wrong with one object by itself. Only an object that has no other fault is looked at in
 * detail.
 */
export function objectFindings(value: unknown, rules: ObjectRules): readonly Finding[] {
  const shape = shapeFindings(value);
  if (shape.length > 0) return shape;
  const object = value as KubernetesObject;
  const findings = [
    ...kindFindings(object, rules),
    ...namespaceFindings(object, rules),
    ...serverFieldFindings(object),
  ];
  return findings.length > 0 ? findings : objectProblems(object);
}

function shapeFindings(value: unknown): readonly Finding[] {
  if (!isRecord(value)) {
    return [
      {
        path: [],
        message: "this is no Kubernetes object",
        remedy: "write a map with apiVersion, kind and metadata",
      },
    ];
  }
  if (value["apiVersion"] === undefined && value["kind"] === undefined) {
    return [
      {
        path: [],
        message: "this is no Kubernetes object: it has neither apiVersion nor kind",
        remedy: "write both, or keep this file out of the folder",
      },
    ];
  }
  const required = [["apiVersion"], ["kind"], ["metadata", "name"]];
  return required
    .filter((path) => !textAt(value, ...path))
    .map((path) => ({
      path,
      message: `${path.join(".")} is missing or no text`,
      remedy: `write ${path.join(".")}`,
    }));
}

function kindFindings(
  { kind, apiVersion }: KubernetesObject,
  { secrets }: ObjectRules,
): readonly Finding[] {
  const supported = ownEntry(supportedKinds, kind);
  const names = Object.keys(supportedKinds)
    .filter((name) => name !== "Secret")
    .join(", ");
  const near = closest(kind, Object.keys(supportedKinds));
  const otherwise = near === undefined ? "" : `did you mean ${near}? Otherwise `;
  if (!supported) {
    return [
      {
        path: ["kind"],
        message: `kind ${kind} is not supported yet`,
        remedy: `${otherwise}keep it out of this folder and apply it yourself; supported are ${names}`,
      },
    ];
  }
  const version: Finding = {
    path: ["apiVersion"],
    message: `apiVersion of ${kind} is ${apiVersion}`,
    remedy: `write ${supported.apiVersion}`,
  };
  const secret: Finding = {
    path: ["kind"],
    message: "a Secret in a file is no secret",
    remedy: "create it in the cluster by other means, or set podSpec.secrets: allow",
  };
  return [
    ...(apiVersion === supported.apiVersion ? [] : [version]),
    ...(kind === "Secret" && secrets === "refuse" ? [secret] : []),
  ];
}

function namespaceFindings(
  { kind, metadata }: KubernetesObject,
  { namespace }: ObjectRules,
): readonly Finding[] {
  const at = kind === "Namespace" ? metadata.name : metadata.namespace;
  const path = ["metadata", kind === "Namespace" ? "name" : "namespace"];
  if (kind === "Namespace" && "namespace" in metadata) {
    return [
      {
        path: ["metadata", "namespace"],
        at: "key",
        message: "a Namespace is in no namespace",
        remedy: "remove it",
      },
    ];
  }
  if (at === undefined || namespace === undefined || at === namespace) return [];
  return [
    {
      path,
      message: `this is namespace ${at}, the environment has ${namespace}`,
      remedy:
        kind === "Namespace"
          ? `write ${namespace}, or give environments of different namespaces a folder each`
          : `write ${namespace}, or leave it out`,
    },
  ];
}

function serverFieldFindings(object: KubernetesObject): readonly Finding[] {
  const present = serverFields.filter((path) => valueAt(object, ...path) !== undefined);
  return present.map((path) => ({
    path,
    at: "key",
    message: `${path.join(".")} is written by the API server`,
    remedy: "remove it",
  }));
}
