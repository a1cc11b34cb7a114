import { objectProblems } from "../../domain/pod-spec/object-problems.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Judging } from "../../domain/pod-spec/schema/judging.ts";

/** What the server would refuse of an object, as far as can be told without it; undefined: nothing. */
export function objectRefusal(object: KubernetesObject, judging: Judging): string | undefined {
  const problems = objectProblems(object, judging);
  if (problems.length === 0) return undefined;
  const what = problems.map(({ message, remedy }) => `${message} (${remedy})`).join("; ");
  return `${describeRef(refOf(object))} is invalid: ${what}; fix it in the pod spec and deploy it`;
}
