import type * as z from "zod";
import { closest } from "./closest.ts";
import type { Finding, Path } from "./fault.ts";
import { schemasAt } from "./json-schema.ts";

type Issue = z.core.$ZodIssue;

/** What zod found, in words that say what to write instead. `document` is the value that it looked at. */
export function schemaFindings(issues: readonly Issue[], document: unknown): readonly Finding[] {
  return issues.flatMap((issue) => toFindings(issue, document));
}

function toFindings(issue: Issue, document: unknown): readonly Finding[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, issue.path));
    case "invalid_union":
      return schemaFindings(likeliest(issue.errors).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })), document);
    case "invalid_type":
      return [wrongType(issue, valueAt(document, issue.path))];
    case "invalid_value":
      return [wrongValue(issue, valueAt(document, issue.path))];
    case "too_small":
      return [tooSmall(issue)];
    case "custom":
      return [{ path: issue.path, message: issue.message, remedy: String(issue.params?.["remedy"] ?? describedAt(issue.path)) }];
    case "too_big":
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
      return [{ path: issue.path, message: `${label(issue.path)}: ${issue.message}`, remedy: describedAt(issue.path) }];
    default:
      return issue satisfies never;
  }
}

/** Keys that the design has and this version has not. */
const notYet: Readonly<Record<string, string>> = {
  registry: "copying to another repository, account or Region is not built yet: promotions tag inside the one registry",
  windows: "deploy windows are not built yet",
  freeze: "freezes are not built yet",
  soak: "soak times are not built yet; `rules.age` waits after the push",
};

function unknownKey(key: string, parent: Path): Finding {
  const known = [...new Set(schemasAt(parent).flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const near = closest(key, known);
  const listed = `${label(parent)} has ${known.join(", ")}`;
  const remedy = near === undefined ? (notYet[key] ?? listed) : `did you mean ${near}?`;
  return { path: [...parent, key], at: "key", message: `unknown key ${key}`, remedy };
}

/** Of the branches of a choice the one that was meant: with the fewest strange keys, then with the fewest faults. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const strange = (issues: readonly Issue[]): number => issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0), 0);
  return branches.toSorted((one, other) => strange(one) - strange(other) || one.length - other.length)[0] ?? [];
}

const expectations: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  string: ["a text", "put it in quotes"],
  number: ["a number", "write a number without quotes"],
  int: ["a whole number", "write a whole number without quotes"],
  boolean: ["true or false", "write true or false without quotes"],
  array: ["a list", "write it as [one, two]"],
  object: ["a map", "write it as { key: value }"],
  record: ["a map", "write it as { name: … }"],
};

function wrongType({ path, expected }: Extract<Issue, { code: "invalid_type" }>, found: unknown): Finding {
  const [what, remedy] = expectations[expected] ?? [expected, describedAt(path)];
  if (found === undefined) return { path, message: `${label(path)} is missing`, remedy: describedAt(path) };
  if (found === null) return { path, at: "key", message: `${label(path)} is empty`, remedy: describedAt(path) };
  const isScalarWithoutQuotes = expected !== "string" || typeof found !== "object";
  return { path, message: `${label(path)} must be ${what}, not ${kindOf(found)}`, remedy: isScalarWithoutQuotes ? remedy : describedAt(path) };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value)}`;
}

function wrongValue({ path, values }: Extract<Issue, { code: "invalid_value" }>, found: unknown): Finding {
  const allowed = values.map(String);
  if (found === undefined) return { path, message: `${label(path)} is missing`, remedy: describedAt(path) };
  const near = typeof found === "string" ? closest(found, allowed) : undefined;
  const remedy = near === undefined ? `write ${allowed.join(" or ")}. ${describedAt(path)}` : `did you mean ${near}? Known are ${allowed.join(", ")}`;
  return { path, message: `${label(path)} is ${JSON.stringify(found)}`, remedy };
}

function tooSmall({ path, origin, minimum }: Extract<Issue, { code: "too_small" }>): Finding {
  if (origin === "number") return { path, message: `${label(path)} is below ${String(minimum)}`, remedy: `write ${String(minimum)} or more` };
  return { path, message: `${label(path)} is empty`, remedy: describedAt(path) };
}

function label(path: Path): string {
  return path.length === 0 ? "the configuration" : path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`)).join("");
}

/** The documentation of a key is the remedy for one that is missing. */
function describedAt(path: Path): string {
  const [said] = schemasAt(path).flatMap(({ description }) => description ?? []);
  return said ?? `see docs/configuration.md`;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined), document);
}
