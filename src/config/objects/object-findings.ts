import { closestMatch } from "../../domain/closest-match.ts";
import { isRecord, textAt, valueAt, withoutKeys } from "../../domain/json.ts";
import { serverMetadata } from "../../domain/pod-spec/bookkeeping.ts";
import { builtInKinds, type Kind } from "../../domain/pod-spec/built-in-kinds.ts";
import { isKindNamed, kindKey, kindOf } from "../../domain/pod-spec/kinds.ts";
import { objectProblems } from "../../domain/pod-spec/object-problems.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Judging } from "../../domain/pod-spec/schema/judging.ts";
import { kindProblems } from "../../domain/pod-spec/schema/kind-problems.ts";
import type { Finding } from "../fault.ts";
import { asObject } from "./as-object.ts";
import { helmHookFindings } from "./helm-hooks.ts";
import { ownAnnotationFindings } from "./own-annotations.ts";

/** What an environment asks of its objects; undefined where promoter.yml itself is wrong there. */
export interface ObjectRules {
  readonly namespace: string | undefined;
  /** By the version of its cluster. */
  readonly judging: Judging;
  /** Allowed besides those that are by default. */
  readonly kinds: readonly string[];
}

/** Fields that `kubectl get -o yaml` shows and only the API server writes. */
const serverFields: readonly (readonly string[])[] = serverMetadata.map((field) => [
  "metadata",
  field,
]);

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
    ...helmHookFindings(object),
    ...ownAnnotationFindings(object),
    ...serverFieldFindings(object),
  ];
  return findings.length > 0 ? findings : objectProblems(object, rules.judging);
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
  object: KubernetesObject,
  { kinds, judging }: ObjectRules,
): readonly Finding[] {
  const kind = kindOf(object);
  const unserved = kindProblems(object, judging);
  if (unserved.length > 0) return unserved;
  if (kind.refusal) {
    const { reason, remedy } = kind.refusal;
    return [{ path: ["kind"], message: `${object.kind} cannot be promoted: ${reason}`, remedy }];
  }
  const isAllowed = kind.use === "default" || kinds.some((entry) => isKindNamed(kind, entry));
  return isAllowed ? [] : [{ path: ["kind"], ...unnamedKind(kind) }];
}

type Words = Pick<Finding, "message" | "remedy">;

function unnamedKind(kind: Kind): Words {
  const key = kindKey(kind);
  if (kind.holds === "secrets") {
    return {
      message: "a Secret in a file is not secret",
      remedy:
        "create it in the cluster by other means, or allow it: podSpec.kinds: [Secret] (or secrets: allow)",
    };
  }
  if (kind.scope === "cluster") {
    return {
      message: `${kind.name} belongs to the whole cluster, not to this environment alone`,
      remedy: `allow it: podSpec.kinds: [${key}]; or keep it out of this folder and apply it yourself`,
    };
  }
  const near = closestMatch(
    kind.name,
    builtInKinds.map(({ name }) => name),
  );
  return {
    message: `${kind.name} is not a kind of Kubernetes itself`,
    remedy:
      near === undefined || near === kind.name
        ? `if it is a custom resource, allow it: podSpec.kinds: [${key}]`
        : `did you mean ${near}? If it is a custom resource, allow it: podSpec.kinds: [${key}]`,
  };
}

/**
 * The object without what the API server ignores. Of every built-in kind the status is a resource
 * of its own; of a custom one it may be as much a wish as its spec.
 */
export function withoutIgnored<T>(value: T): T {
  if (!isRecord(value) || !("status" in value) || isCustom(asObject(value))) return value;
  return withoutKeys(value, ["status"]) as T;
}

function isCustom(object: KubernetesObject): boolean {
  return kindOf(object).scope === "unknown";
}

function serverFieldFindings(object: KubernetesObject): readonly Finding[] {
  const fields = isCustom(object) ? [["status"], ...serverFields] : serverFields;
  const present = fields.filter((path) => valueAt(object, ...path) !== undefined);
  return present.map((path) => ({
    path,
    at: "key",
    message: `${path.join(".")} is written by the API server`,
    remedy: "remove it",
  }));
}
