import { cutOff } from "./bounded.ts";
import { isRecord } from "./json.ts";
import { printable } from "./printable.ts";

/** What a person or a push asks of the workflow: the input of an execution. */
export interface WorkflowRequest {
  readonly application: string;
  readonly version: string;
  readonly environment: string;
  readonly reason: string | undefined;
  readonly mode: "promote" | "plan";
  readonly back?: true;
  readonly requester: string | undefined;
  readonly set: string | undefined;
}

const required = ["application", "version", "environment"] as const;
const optional = ["reason", "mode", "requester", "set"] as const;
const known: readonly string[] = [...required, ...optional, "back"];
/** Of a text in the input of an execution, and of what a person says otherwise. */
export const maxInputText = 500;
/** Of unknown keys, which may be of any number and length. */
const maxNamed = 10;
const maxKeyLength = 100;
/** What names in promoter.yml and tags are made of; they become keys of the table. */
const nameForm = /^[A-Za-z0-9._-]+$/;

/** Stands in a record for a name that could not be read; no name has this form. */
export const unreadName = "(unknown)";

/** What is wrong with a name of an application, of an environment or of a version. */
export function nameFault(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (name.length > maxInputText) return `may have at most ${maxInputText} characters`;
  return nameForm.test(name)
    ? undefined
    : "may contain only letters, digits, dots, dashes and underscores";
}

export type ReadableNames = Partial<Pick<WorkflowRequest, (typeof required)[number]>>;

/**
 * Every fault of the input at once, each a sentence with the remedy; and of a faulty one the names
 * that are in order.
 */
export function parseWorkflowRequest(
  input: unknown,
):
  | { readonly request: WorkflowRequest }
  | { readonly faults: readonly string[]; readonly named: ReadableNames } {
  if (!isRecord(input)) {
    return {
      named: {},
      faults: [
        'the input is not a JSON object; it looks like {"application": "…", "version": "…", "environment": "…"}',
      ],
    };
  }
  const faults = [...unknownKeys(input), ...missingKeys(input), ...badValues(input)];
  return faults.length > 0
    ? { faults, named: readableNames(input) }
    : { request: requestOf(input) };
}

function unknownKeys(values: Readonly<Record<string, unknown>>): readonly string[] {
  const unknown = Object.keys(values).filter((key) => !known.includes(key));
  const told = unknown
    .slice(0, maxNamed)
    .map(
      (key) =>
        `the input has the unknown key "${cutOff(printable(key), maxKeyLength)}"; known keys are ${known.join(", ")}`,
    );
  return unknown.length > maxNamed
    ? [...told, `and ${unknown.length - maxNamed} more unknown keys`]
    : told;
}

function missingKeys(values: Readonly<Record<string, unknown>>): readonly string[] {
  return required
    .filter((key) => values[key] === undefined)
    .map(
      (key) =>
        `the input lacks "${key}": add it, as in {"application": "…", "version": "…", "environment": "…"}`,
    );
}

function badValues(values: Readonly<Record<string, unknown>>): readonly string[] {
  const texts = [...required, ...optional].filter((key) => values[key] !== undefined);
  const wrong = texts
    .filter((key) => !isShortText(values[key]))
    .map((key) => `"${key}" must be a string of 1 to ${maxInputText} characters`);
  wrong.push(
    ...required.flatMap((key) => textFaults(values[key]).map((fault) => `"${key}" ${fault}`)),
  );
  if (values["mode"] !== undefined && values["mode"] !== "plan") {
    wrong.push('"mode" must be "plan" or absent');
  }
  if (values["back"] !== undefined && values["back"] !== true) {
    wrong.push('"back" must be true or absent');
  }
  return wrong;
}

function textFaults(value: unknown): readonly string[] {
  return isShortText(value) ? [nameFault(value)].filter((fault) => fault !== undefined) : [];
}

function readableNames(values: Readonly<Record<string, unknown>>): ReadableNames {
  return Object.fromEntries(
    required.flatMap((key) =>
      isShortText(values[key]) && nameFault(values[key]) === undefined ? [[key, values[key]]] : [],
    ),
  );
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= maxInputText;
}

function requestOf(values: Readonly<Record<string, unknown>>): WorkflowRequest {
  const text = (key: string): string | undefined =>
    isShortText(values[key]) ? printable(values[key]) : undefined;
  const [application = "", version = "", environment = ""] = required.map(text);
  const mode = values["mode"] === "plan" ? "plan" : "promote";
  return {
    application,
    version,
    environment,
    mode,
    reason: text("reason"),
    requester: text("requester"),
    set: text("set"),
    ...(values["back"] === true ? { back: true } : {}),
  };
}
