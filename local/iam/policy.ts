import { unsupported } from "../unsupported.ts";

/** An IAM statement as the template has it, all intrinsics resolved. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface AccessRequest {
  readonly action: string;
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

/** The one operator of the template's roles. */
const operator = "ForAllValues:StringLike";

const fields: ReadonlySet<string> = new Set(["Effect", "Action", "Resource", "Condition"]);

/** Throws for a statement that AWS knows and no role of the template has. */
export function assertSupported(statement: Statement): void {
  const { Effect, Condition = {} } = statement;
  const [unknown] = [
    ...Object.keys(statement)
      .filter((key) => !fields.has(key))
      .map((key) => `${key} in a policy`),
    ...(Effect === "Allow" ? [] : [`${Effect} in a policy`]),
    ...Object.keys(Condition).filter((key) => key !== operator),
  ];
  if (unknown !== undefined) throw new Error(unsupported(unknown));
}

/**
 * Whether one of the statements allows it, for each resource (IAM user guide, "Policy evaluation
 * logic").
 */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  return request.resources.every((resource) =>
    statements.some((statement) => matches(statement, request, resource)),
  );
}

function matches(
  statement: Statement,
  { action, conditions }: AccessRequest,
  resource: string,
): boolean {
  const actions = list(statement.Action).some((pattern) =>
    like(pattern.toLowerCase(), action.toLowerCase()),
  );
  return (
    actions &&
    list(statement.Resource).some((pattern) => like(pattern, resource)) &&
    conditionsHold(statement, conditions)
  );
}

/**
 * Every value that the request has must be like one of the patterns; a key that it does not have
 * has none (IAM user guide, multivalued context keys).
 */
function conditionsHold(
  { Condition = {} }: Statement,
  values: AccessRequest["conditions"],
): boolean {
  return Object.entries(Condition[operator] ?? {}).every(([key, patterns]) =>
    (values[key] ?? []).every((value) => list(patterns).some((pattern) => like(pattern, value))),
  );
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** `*` any characters, `?` one. */
function like(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const source = pattern
    .split("")
    .map((character) =>
      character === "*" ? ".*" : character === "?" ? "." : RegExp.escape(character),
    )
    .join("");
  return new RegExp(`^${source}$`, "s").test(value);
}
