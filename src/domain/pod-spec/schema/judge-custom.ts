import type { ObjectProblem } from "../object-problem.ts";
import type { KubernetesObject } from "../object.ts";
import { schemaIn } from "./definitions.ts";
import { judgeProperties } from "./judge-structural.ts";
import { judgeFields } from "./judge-value.ts";
import type { Judging } from "./judging.ts";

/** A custom resource by its CustomResourceDefinition. */
export function judgeCustom(
  object: KubernetesObject,
  definition: KubernetesObject,
  judging: Judging,
): readonly ObjectProblem[] {
  const found = schemaIn(definition, object);
  if ("problem" in found) return [found.problem];
  const place = { path: ["metadata"], judging, parents: [] };
  return [
    ...judgeFields(object.metadata, "meta.v1.ObjectMeta", place),
    ...(found.schema ? judgeProperties(object, found.schema, []) : []),
  ];
}
