import { type JsonObject, listAt, objectAt, stringAt } from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { sameJson, withValue } from "../objects/object-value.ts";
import { forbiddenField, invalidValue } from "../objects/validation-cause.ts";

/**
 * Only a pod itself is refused for it, the template of a pod is not:
 * pkg/apis/core/validation/validation.go, validateContainerOnlyForPod.
 */
export function imageSpaceFaults(pod: JsonObject): readonly Cause[] {
  return ["containers", "initContainers"].flatMap((list) =>
    listAt(pod, "spec", list).flatMap((container, index) => {
      const image = stringAt(container, "image") ?? "";
      return image.trim() === image
        ? []
        : [
            invalidValue(
              `spec.${list}[${index}].image`,
              image,
              "must not have leading or trailing whitespace",
            ),
          ];
    }),
  );
}

const changeable =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** The server adds what differs, printed by Go. */
export function podChangeFaults(pod: JsonObject, live: JsonObject | undefined): readonly Cause[] {
  if (!live || sameJson(fixedPart(pod), fixedPart(live))) return [];
  return [forbiddenField("spec", changeable)];
}

function fixedPart(pod: JsonObject): JsonObject {
  const spec = ["activeDeadlineSeconds", "tolerations", "nodeName"].reduce(
    (done, field) => withValue(done, [field], undefined),
    objectAt(pod, "spec"),
  );
  return ["containers", "initContainers"].reduce(
    (done, list) => ({
      ...done,
      [list]: listAt(spec, list).map((one) =>
        withValue(objectAt({ one }, "one"), ["image"], undefined),
      ),
    }),
    spec,
  );
}
