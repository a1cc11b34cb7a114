import { type Json, type JsonObject, listAt, objectAt, stringAt } from "../../json-value.ts";
import { sameJson, timestamp, withValue } from "../objects/object-value.ts";
import type { Resource } from "../objects/resource-table.ts";

export interface Content {
  readonly resource: Resource;
  readonly object: JsonObject;
}

/**
 * What the namespace controller says of a namespace that it empties: kubernetes/kubernetes
 * pkg/controller/namespace/deletion/status_condition_utils.go.
 */
export function terminatingNamespace(
  namespace: JsonObject,
  content: readonly Content[],
  now: number,
): JsonObject {
  const before = listAt(namespace, "status", "conditions");
  const conditions = [
    condition("NamespaceDeletionDiscoveryFailure", {
      status: "False",
      reason: "ResourcesDiscovered",
      message: "All resources successfully discovered",
    }),
    condition("NamespaceDeletionGroupVersionParsingFailure", {
      status: "False",
      reason: "ParsedGroupVersions",
      message: "All legacy kube types successfully parsed",
    }),
    condition("NamespaceDeletionContentFailure", {
      status: "False",
      reason: "ContentDeleted",
      message: "All content successfully deleted, may be waiting on finalization",
    }),
    condition("NamespaceContentRemaining", remaining(content)),
    condition("NamespaceFinalizersRemaining", finalizersIn(content)),
  ].map((one) => timed(one, before, now));
  return sameJson(before, conditions)
    ? namespace
    : withValue(namespace, ["status", "conditions"], conditions);
}

interface Verdict {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

function condition(type: string, verdict: Verdict): Verdict & { readonly type: string } {
  return { type, ...verdict };
}

function remaining(content: readonly Content[]): Verdict {
  if (content.length === 0) {
    return {
      status: "False",
      reason: "ContentRemoved",
      message: "All content successfully removed",
    };
  }
  const counts = countBy(content.map(({ resource: { plural, group } }) => `${plural}.${group}`));
  return {
    status: "True",
    reason: "SomeResourcesRemain",
    message: `Some resources are remaining: ${list(counts, "has")}`,
  };
}

function finalizersIn(content: readonly Content[]): Verdict {
  const counts = countBy(
    content.flatMap(({ object }) => listAt(object, "metadata", "finalizers").map(String)),
  );
  if (counts.length === 0) {
    return {
      status: "False",
      reason: "ContentHasNoFinalizers",
      message: "All content-preserving finalizers finished",
    };
  }
  return {
    status: "True",
    reason: "SomeFinalizersRemain",
    message: `Some content in the namespace has finalizers remaining: ${list(counts, "in")}`,
  };
}

function list(counts: readonly (readonly [string, number])[], verb: "has" | "in"): string {
  return counts.map(([name, count]) => `${name} ${verb} ${count} resource instances`).join(", ");
}

function countBy(names: readonly string[]): readonly (readonly [string, number])[] {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function timed(
  verdict: Verdict & { readonly type: string },
  before: readonly Json[],
  now: number,
): JsonObject {
  const old = before.find((one) => stringAt(one, "type") === verdict.type);
  const lastTransitionTime =
    stringAt(old, "status") === verdict.status
      ? stringAt(objectAt({ old: old ?? {} }, "old"), "lastTransitionTime")
      : undefined;
  return { ...verdict, lastTransitionTime: lastTransitionTime ?? timestamp(now) };
}
