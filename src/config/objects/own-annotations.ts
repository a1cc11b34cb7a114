import { recordAt } from "../../domain/json.ts";
import { configurationAnnotation } from "../../domain/pod-spec/configuration-hash.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Finding } from "../fault.ts";

/** An annotation that a promotion writes itself, as `kubectl get -o yaml` prints it. */
export function ownAnnotationFindings(object: KubernetesObject): readonly Finding[] {
  const { template = [] } = kindOf(object);
  const path = [...template, "metadata", "annotations"];
  if (!(configurationAnnotation in recordAt(object, ...path))) return [];
  return [
    {
      path: [...path, configurationAnnotation],
      message: `the annotation ${configurationAnnotation} is written by promotions themselves`,
      remedy: "remove it",
    },
  ];
}
