import { unsupported } from "../../unsupported.ts";

/** Types of states that Step Functions runs and this interpreter does not. */
const types: ReadonlySet<unknown> = new Set(["Map", "Parallel"]);

/** Fields of a definition that it does not know, by what they belong to. */
const fields: Readonly<Record<string, string>> = {
  ...belongTo("JSONPath", [
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Parameters",
    "Result",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "ErrorPath",
    "CausePath",
    "Variable",
    "And",
    "Or",
    "Not",
  ]),
  ...belongTo("tasks of another account", ["Credentials"]),
  ...belongTo("waits until a point in time", ["Timestamp"]),
  ...belongTo("heartbeats", ["HeartbeatSeconds", "HeartbeatSecondsPath"]),
  ...belongTo("versions of the language", ["Version"]),
};

function belongTo(feature: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, feature]));
}

export function nameType(type: unknown): string {
  return types.has(type)
    ? unsupported(`${String(type)} states`)
    : `Type ${JSON.stringify(type)} is not a type of state`;
}

export function refusedArguments({ input }: { readonly input: unknown }): string {
  return typeof input === "string"
    ? unsupported("Arguments that are one expression")
    : "must be an object";
}

/**
 * Says of a field that is not known what it is, so that nobody takes a missing feature for a slip
 * of the pen.
 */
export function nameField({
  key,
  path,
  type,
}: {
  readonly key: string;
  readonly path: string;
  readonly type: string | undefined;
}): string {
  const field = path === "" ? key : `${path}.${key}`;
  const feature = fields[key];
  if (feature !== undefined) return `${field}: ${unsupported(feature)}`;
  return `${field} is not a field of ${path === "" && type !== undefined ? `a ${type} state` : "this object"}`;
}
