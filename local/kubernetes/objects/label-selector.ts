import {
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import { badRequest } from "./api-refusal.ts";

/** A LabelSelector object against labels; an empty one matches everything. */
export function selectorMatches(selector: JsonObject, labels: JsonObject): boolean {
  const wanted = Object.entries(objectAt(selector, "matchLabels"));
  const expressions = listAt(selector, "matchExpressions");
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    expressions.every((it) => expressionMatches(it, labels))
  );
}

function expressionMatches(expression: Json, labels: JsonObject): boolean {
  const label = labels[stringAt(expression, "key") ?? ""];
  const values = listAt(expression, "values");
  switch (stringAt(expression, "operator") ?? "") {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    default:
      return label === undefined;
  }
}

/**
 * The query form: `app=a,tier!=web,env in (dev,prod),!canary`
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api).
 */
export function parseLabelSelector(text: string): JsonObject {
  const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim());
  return { matchExpressions: terms.filter((term) => term !== "").map(parseTerm) };
}

function parseTerm(term: string): JsonObject {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    return {
      key: set[1] ?? "",
      operator: set[2] === "in" ? "In" : "NotIn",
      values: (set[3] ?? "").split(",").map((it) => it.trim()),
    };
  }
  const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(term);
  if (equality) {
    return {
      key: equality[1] ?? "",
      operator: equality[2] === "!=" ? "NotIn" : "In",
      values: [equality[3] ?? ""],
    };
  }
  const presence = /^(!?)([^\s=!]+)$/.exec(term);
  if (/[=!]{3,}/.test(term)) {
    throw badRequest("unable to parse requirement: found '=', expected: identifier");
  }
  if (!presence) {
    throw badRequest(
      `unable to parse requirement: found '${term}', expected: '=', '!=', '==', 'in', notin'`,
    );
  }
  return { key: presence[2] ?? "", operator: presence[1] === "!" ? "DoesNotExist" : "Exists" };
}

/** Fields that may be selected; others are refused, as by the server. */
const selectable = new Set([
  "metadata.name",
  "metadata.namespace",
  "status.phase",
  "spec.nodeName",
  "involvedObject.name",
  "type",
]);

export function fieldSelectorMatches(selector: string, object: JsonObject): boolean {
  return selector
    .split(",")
    .filter((term) => term !== "")
    .every((term) => fieldTermMatches(term, object));
}

function fieldTermMatches(term: string, object: JsonObject): boolean {
  const [, field = "", operator, value] = /^([^!=]+)(==|=|!=)(.*)$/.exec(term) ?? [];
  if (!selectable.has(field)) {
    throw badRequest(`field label not supported: ${field === "" ? term : field}`);
  }
  const same = (valueAt(object, ...field.split(".")) ?? "") === value;
  return operator === "!=" ? !same : same;
}
