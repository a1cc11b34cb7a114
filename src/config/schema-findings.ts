import type * as z from "zod";
import { closestMatch, didYouMean } from "../domain/closest-match.ts";
import { lookUp } from "../domain/look-up.ts";
import {
  descriptionAt,
  keysAt,
  label,
  valueAt,
  writeRemedy,
  type CheckedDocument,
} from "./checked-document.ts";
import type { Finding, Path } from "./fault.ts";
import { remedyOf } from "./parsed-text.ts";
import { missing, wrongType } from "./type-findings.ts";

type Issue = z.core.$ZodIssue;

/** What zod found, in words that say what to write instead. */
export function schemaFindings(
  issues: readonly Issue[],
  document: CheckedDocument,
): readonly Finding[] {
  return issues.flatMap((issue) => toFindings(issue, document));
}

function toFindings(issue: Issue, document: CheckedDocument): readonly Finding[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, issue.path, document));
    case "invalid_union":
      return isEmptyMap(valueAt(document.value, issue.path))
        ? [missingChoice(issue, document)]
        : schemaFindings(
            likeliestBranch(issue.errors).map((inner) => ({
              ...inner,
              path: [...issue.path, ...inner.path],
            })),
            document,
          );
    case "invalid_type":
      return [wrongType(issue, document)];
    case "invalid_value":
      return [wrongValue(issue, document)];
    case "too_small":
      return [tooSmall(issue, document)];
    case "custom":
      return [
        {
          path: issue.path,
          message: issue.message,
          remedy: remedyOf(issue.params, document) ?? descriptionAt(issue.path, document),
        },
      ];
    case "too_big":
      return [tooBig(issue, document)];
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
      return [
        {
          path: issue.path,
          message: `${label(issue.path)}: ${issue.message}`,
          remedy: descriptionAt(issue.path, document),
        },
      ];
    default:
      return issue satisfies never;
  }
}

function unknownKey(key: string, parent: Path, document: CheckedDocument): Finding {
  const { unavailable } = document;
  const known = keysAt(parent, document);
  const listed = `${label(parent)} has ${known.join(", ")}`;
  const remedy = didYouMean(key, known) ?? lookUp(unavailable, key) ?? listed;
  return { path: [...parent, key], at: "key", message: `unknown key ${key}`, remedy };
}

/**
 * Of the branches of a choice the one that was meant: of the right type, with the fewest strange
 * keys, then with the fewest faults.
 */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const strange = (issues: readonly Issue[]): number =>
    issues.reduce(
      (sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0),
      0,
    );
  const mistyped = (issues: readonly Issue[]): number =>
    Number(issues.some(({ code, path }) => code === "invalid_type" && path.length === 0));
  return (
    branches.toSorted(
      (one, other) =>
        mistyped(one) - mistyped(other) ||
        strange(one) - strange(other) ||
        one.length - other.length,
    )[0] ?? []
  );
}

/** It does not say which branch of a choice is meant. */
function isEmptyMap(found: unknown): boolean {
  return typeof found === "object" && found !== null && Object.keys(found).length === 0;
}

function missingChoice(
  { path, errors }: Extract<Issue, { code: "invalid_union" }>,
  document: CheckedDocument,
): Finding {
  const keys = errors.flatMap(([first]) => first?.path.map(String) ?? []);
  return {
    path,
    message: `${label(path)}: ${keys.join(" or ")} is missing`,
    remedy: descriptionAt(path, document),
  };
}

function wrongValue(
  { path, values }: Extract<Issue, { code: "invalid_value" }>,
  document: CheckedDocument,
): Finding {
  const found = valueAt(document.value, path);
  const allowed = values.map(String);
  if (found === undefined) return missing(path, document);
  const near = typeof found === "string" ? closestMatch(found, allowed) : undefined;
  const remedy =
    near === undefined
      ? `write ${allowed.join(" or ")}. ${descriptionAt(path, document)}`
      : `did you mean ${near}? Allowed are ${allowed.join(", ")}`;
  return { path, message: `${label(path)} is ${JSON.stringify(found)}`, remedy };
}

function tooSmall(
  { path, origin, minimum }: Extract<Issue, { code: "too_small" }>,
  document: CheckedDocument,
): Finding {
  if (origin === "number") {
    return {
      path,
      message: `${label(path)} is below ${String(minimum)}`,
      remedy: `write ${String(minimum)} or more`,
    };
  }
  return {
    path,
    message: `${label(path)} is empty`,
    remedy: writeRemedy(origin === "array" ? "at least one" : "a string", path, document),
  };
}

function tooBig(
  { path, origin, maximum, message }: Extract<Issue, { code: "too_big" }>,
  document: CheckedDocument,
): Finding {
  if (origin === "number") {
    return {
      path,
      message: `${label(path)} is above ${String(maximum)}`,
      remedy: `write ${String(maximum)} or less`,
    };
  }
  return { path, message: `${label(path)}: ${message}`, remedy: descriptionAt(path, document) };
}
