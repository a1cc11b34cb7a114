import { isRecord, textAt, valueAt } from "../../domain/json.ts";
import { serverMetadata } from "../../domain/pod-spec/bookkeeping.ts";
import { isNamespace, kindOf, kindsInFiles } from "../../domain/pod-spec/kinds.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import { objectProblems } from "../../domain/pod-spec/validate-locally.ts";
import { closestMatch } from "../closest-match.ts";
import type { Finding } from "../fault.ts";
import { helmHookFindings } from "./helm-hooks.ts";

/** What an environment asks of its objects; undefined where promoter.yml itself is wrong there. */
export interface ObjectRules {
  readonly namespace: string | undefined;
  readonly secrets: "refuse" | "allow";
}

/** Fields that `kubectl get -o yaml` shows and only the API server writes. */
const serverFields: readonly (readonly string[])[] = [
  ["status"],
  ...serverMetadata.map((field) => ["metadata", field]),
];

/**
 * What is wrong with one object by itself. Only an object without another fault is checked in
 * detail.
 */
export function objectFindings(value: unknown, rules: ObjectRules): readonly Finding[] {
  const shape = shapeFindings(value);
  if (shape.length > 0) return shape;
  const object = value as KubernetesObject;
  const findings = [
    ...kindFindings(object, rules),
    ...namespaceFindings(object, rules),
    ...helmHookFindings(object),
    ...serverFieldFindings(object),
  ];
  return findings.length > 0 ? findings : objectProblems(object);
}

function shapeFindings(value: unknown): readonly Finding[] {
  if (!isRecord(value)) {
    return [
      {
        path: [],
        message: "this is not a Kubernetes object",
        remedy: "write a map with apiVersion, kind and metadata",
      },
    ];
  }
  if (value["apiVersion"] === undefined && value["kind"] === undefined) {
    return [
      {
        path: [],
        message: "this is not a Kubernetes object: it has neither apiVersion nor kind",
        remedy: "write both, or keep this file out of the folder",
      },
    ];
  }
  const required = [["apiVersion"], ["kind"], ["metadata", "name"]];
  return required
    .filter((path) => !textAt(value, ...path))
    .map((path) => ({
      path,
      message: `${path.join(".")} ${valueAt(value, ...path) === null ? "is empty" : "is missing or not a string"}`,
      remedy: `write ${path.join(".")}`,
    }));
}

function kindFindings(
  { kind, apiVersion }: KubernetesObject,
  { secrets }: ObjectRules,
): readonly Finding[] {
  const { inFiles, holds, ...supported } = kindOf({ kind });
  if (!inFiles) {
    return [
      {
        path: ["kind"],
        message: `kind ${kind} is not supported yet`,
        remedy: supportedKinds(kind),
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
    message: "a Secret in a file is not secret",
    remedy: "create it in the cluster by other means, or set podSpec.secrets: allow",
  };
  return [
    ...(apiVersion === supported.apiVersion ? [] : [version]),
    ...(holds === "secrets" && secrets === "refuse" ? [secret] : []),
  ];
}

function supportedKinds(kind: string): string {
  const names = kindsInFiles.filter(({ holds }) => holds !== "secrets").map(({ name }) => name);
  const near = closestMatch(
    kind,
    kindsInFiles.map(({ name }) => name),
  );
  const otherwise = near === undefined ? "" : `did you mean ${near}? Otherwise `;
  return `${otherwise}keep it out of this folder and apply it yourself; supported kinds are ${names.join(", ")}`;
}

function namespaceFindings(
  object: KubernetesObject,
  { namespace }: ObjectRules,
): readonly Finding[] {
  const { metadata } = object;
  const field = isNamespace(object) ? "name" : "namespace";
  const at = metadata[field];
  if (isNamespace(object) && "namespace" in metadata) {
    return [
      {
        path: ["metadata", "namespace"],
        at: "key",
        message: "a Namespace belongs to no namespace",
        remedy: "remove it",
      },
    ];
  }
  if (at === undefined || namespace === undefined || at === namespace) return [];
  return [
    {
      path: ["metadata", field],
      message: `this is namespace ${at}, the environment has ${namespace}`,
      remedy: isNamespace(object)
        ? `write ${namespace}, or give environments of different namespaces a folder each`
        : `write ${namespace}, or omit it`,
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
