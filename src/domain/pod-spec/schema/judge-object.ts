import { kindOf } from "../kinds.ts";
import type { ObjectProblem } from "../object-problem.ts";
import type { KubernetesObject } from "../object.ts";
import { definitionOf } from "./definitions.ts";
import { judgeCustom } from "./judge-custom.ts";
import { judgeFields } from "./judge-value.ts";
import type { Judging } from "./judging.ts";
import { kindProblems } from "./kind-problems.ts";

/**
 * What a server-side apply with `fieldValidation=Strict` would refuse by the schema of the object's
 * kind, or the definition of a custom one, alone: fields that do not exist, values of another type,
 * what is missing, and elements of lists with the same key. Nothing else, and nothing that the
 * server would take. Of a Secret no value is named.
 */
export function judgeObject(object: KubernetesObject, judging: Judging): readonly ObjectProblem[] {
  const isSecret = kindOf(object).holds === "secrets";
  return judgeBySchema(object, judging).map(({ ofSecret, ...problem }) =>
    isSecret ? { ...problem, ...ofSecret } : problem,
  );
}

function judgeBySchema(object: KubernetesObject, judging: Judging): readonly ObjectProblem[] {
  const kind = judging.schemas.kind(object.apiVersion, object.kind);
  if (kind) return judgeFields(object, kind.type, { path: [], judging, parents: [] });
  const definition = definitionOf(object, judging.definitions);
  return definition ? judgeCustom(object, definition, judging) : kindProblems(object, judging);
}
