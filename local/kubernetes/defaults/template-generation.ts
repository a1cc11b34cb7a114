import { type JsonObject, valueAt } from "../../json-value.ts";
import { sameJson, withValue } from "../objects/object-value.ts";

const path = ["metadata", "annotations", "deprecated.daemonset.template.generation"];

/**
 * How often the template of a DaemonSet has changed, in an annotation that stands for an old field:
 * pkg/apis/apps/v1/conversion.go and pkg/registry/apps/daemonset/strategy.go.
 */
export function withTemplateGeneration(set: JsonObject, live: JsonObject | undefined): JsonObject {
  const template = ["spec", "template"];
  const isSame = sameJson(valueAt(set, ...template), valueAt(live, ...template));
  const before = Number(live ? (valueAt(live, ...path) ?? 1) : 0);
  return withValue(set, path, String(isSame && live ? before : before + 1));
}
