import { causeText } from "../cause-text.ts";
import { listAt, textAt } from "../json.ts";
import type { KubernetesObject } from "./object.ts";

/** Of the status; undefined: the controller has not written it. */
export function conditionOf(object: KubernetesObject, type: string): unknown {
  return listAt(object, "status", "conditions").find((one) => textAt(one, "type") === type);
}

export function isTrue(condition: unknown): boolean {
  return textAt(condition, "status") === "True";
}

/** In the words of whoever wrote it. */
export function conditionText(condition: unknown): string {
  return causeText(
    textAt(condition, "message") || textAt(condition, "reason") || "no reason given",
  );
}
