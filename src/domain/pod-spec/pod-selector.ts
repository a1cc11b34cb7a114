import { listAt, recordAt, textAt } from "../json.ts";
import { holdsPods } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * What selects the pods of a workload, as the API server takes it in a query; undefined: the object
 * has none (kubernetes.io/docs/concepts/overview/working-with-objects/labels).
 */
export function podSelector(workload: KubernetesObject): string | undefined {
  if (!holdsPods(workload)) return undefined;
  const selector = recordAt(workload, "spec", "selector");
  const labels = Object.entries(recordAt(selector, "matchLabels"));
  const terms = [
    ...labels.map(([key, value]) => `${key}=${String(value)}`),
    ...listAt(selector, "matchExpressions").map(expressionTerm),
  ];
  return terms.length === 0 ? undefined : terms.join(",");
}

function expressionTerm(expression: unknown): string {
  const key = textAt(expression, "key") ?? "";
  const values = listAt(expression, "values").map(String).join(",");
  const operator = textAt(expression, "operator");
  if (operator === "In") return `${key} in (${values})`;
  if (operator === "NotIn") return `${key} notin (${values})`;
  return operator === "DoesNotExist" ? `!${key}` : key;
}
