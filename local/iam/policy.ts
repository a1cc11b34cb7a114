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

/**
 * Whether the statements allow all of it. What this evaluator does not know (NotAction, an
 * operator) allows nothing: fail closed. Source: IAM user guide, "Policy evaluation logic": an
 * explicit deny wins, without an allow it is denied.
 */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  return request.resources.every((resource) => {
    const matching = statements.filter((statement) => matches(statement, request, resource));
    return (
      matching.some(({ Effect }) => Effect === "Allow") &&
      !matching.some(({ Effect }) => Effect === "Deny")
    );
  });
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

function conditionsHold(
  { Condition = {} }: Statement,
  values: AccessRequest["conditions"],
): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, patterns]) =>
      holds(operator, { patterns: list(patterns), values: values[key] }),
    ),
  );
}

interface Comparison {
  readonly patterns: readonly string[];
  readonly values: readonly string[] | undefined;
}

/**
 * ForAllValues is true for a key that is not there (IAM user guide, multivalued context keys);
 * single values are not.
 */
function holds(operator: string, { patterns, values }: Comparison): boolean {
  const forAll = operator.startsWith("ForAllValues:");
  const compare = comparators[operator.replace("ForAllValues:", "")];
  if (!compare) return false;
  if (values === undefined) return forAll;
  return values.every((value) => patterns.some((pattern) => compare(pattern, value)));
}

const comparators: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
};

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
