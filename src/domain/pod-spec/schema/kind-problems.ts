import type { KindSchema } from "@promoter/kubernetes-schemas";
import { closestMatch } from "../../closest-match.ts";
import { groupOf, type Typed } from "../kinds.ts";
import type { ObjectProblem } from "../object-problem.ts";
import type { Judging } from "./judging.ts";

/**
 * A group of Kubernetes itself that does not have the kind in this version: what has it instead.
 * Nothing of groups that are not built in, and of a cluster that is newer than what is known.
 */
export function kindProblems(object: Typed, judging: Judging): readonly ObjectProblem[] {
  const { schemas, newer, all } = judging;
  const { apiVersion, kind } = object;
  const group = groupOf(apiVersion);
  const known = schemas.kinds();
  if (newer !== undefined || schemas.kind(apiVersion, kind)) return [];
  const named = known.filter((one) => one.kind === kind);
  if (!isOfKubernetes(group, known) && !(group.endsWith(".k8s.io") && named.length > 0)) return [];
  const sameGroup = named.filter((one) => groupOf(one.apiVersion) === group);
  const [instead] = (sameGroup.length > 0 ? sameGroup : named).toSorted(byStability);
  if (instead) {
    return [
      {
        path: ["apiVersion"],
        message: `Kubernetes ${schemas.minor} has no ${kind} in ${apiVersion}`,
        remedy: `write apiVersion: ${instead.apiVersion}`,
      },
    ];
  }
  const other = all.minors.find((minor) => all.of(minor)?.kind(apiVersion, kind));
  const where = group === "" ? "" : ` in ${group}`;
  const elsewhere = other === undefined ? "" : `, but ${other} has`;
  const near = closestMatch(kind, kindsOf(group, known));
  return [
    {
      path: ["kind"],
      message: `Kubernetes ${schemas.minor} has no ${kind}${where}${elsewhere}`,
      remedy:
        near === undefined || near === kind
          ? "remove the object, or correct apiVersion and kind"
          : `did you mean ${near}?`,
    },
  ];
}

/** Groups of custom resources have a dot. */
function isOfKubernetes(group: string, known: readonly KindSchema[]): boolean {
  return !group.includes(".") || known.some((one) => groupOf(one.apiVersion) === group);
}

function kindsOf(group: string, known: readonly KindSchema[]): readonly string[] {
  const same = known.filter((one) => groupOf(one.apiVersion) === group);
  return [...new Set((same.length > 0 ? same : known).map(({ kind }) => kind))];
}

/** v2 before v1 before v1beta1 before v1alpha1. */
function byStability(one: KindSchema, other: KindSchema): number {
  return stability(other) - stability(one);
}

function stability({ apiVersion }: KindSchema): number {
  const [, version = "0", stage] = /v(\d+)(alpha|beta)?\d*$/.exec(apiVersion) ?? [];
  return Number(version) + (stage === undefined ? 100 : stage === "beta" ? 50 : 0);
}
