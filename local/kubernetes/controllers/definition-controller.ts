import { type JsonObject, listAt, objectAt, stringAt } from "../../json-value.ts";
import { isEstablished } from "../objects/custom-resources.ts";
import { timestamp, withValue } from "../objects/object-value.ts";

/**
 * What the server says of a definition whose kinds it serves from now on: apiextensions-apiserver
 * pkg/controller/status/naming_controller.go and establish. Two definitions with the same names are
 * not told apart.
 */
export function acceptedDefinition(definition: JsonObject, now: number): JsonObject {
  const given = listAt(definition, "status", "conditions");
  const others = given.filter((one) => !isVerdict(stringAt(one, "type")));
  const lastTransitionTime = timestamp(now);
  const verdicts = isEstablished(definition)
    ? given.filter((one) => isVerdict(stringAt(one, "type")))
    : [
        {
          type: "NamesAccepted",
          status: "True",
          lastTransitionTime,
          reason: "NoConflicts",
          message: "no conflicts found",
        },
        {
          type: "Established",
          status: "True",
          lastTransitionTime,
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        },
      ];
  const status = {
    ...objectAt(definition, "status"),
    conditions: [...others, ...verdicts],
    acceptedNames: objectAt(definition, "spec", "names"),
  };
  return withValue(definition, ["status"], status);
}

function isVerdict(type: string | undefined): boolean {
  return type === "NamesAccepted" || type === "Established";
}
