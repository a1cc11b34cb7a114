import { isRecord, recordAt } from "../../domain/json.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import type { Fault } from "../fault.ts";
import type { YamlText } from "../yaml-text.ts";
import { asObject } from "./as-object.ts";

/**
 * A text of a ConfigMap or Secret that a bare # made a comment, as in `COLOR: #ff0000`. The API
 * server takes what is left for an empty text.
 */
export function commentedValues({ value, locate }: YamlText): readonly Fault[] {
  if (!isRecord(value)) return [];
  const { holds } = kindOf(asObject(value));
  if (holds !== "texts" && holds !== "secrets") return [];
  const remedy = 'write "" for an empty string';
  return ["data", "stringData"].flatMap((field) =>
    Object.entries(recordAt(value, field))
      .filter(([, text]) => text === null)
      .map(([key]) => locate({ path: [field, key], message: `${field}.${key} is empty`, remedy }))
      .filter((fault) => fault.remedy !== remedy),
  );
}
