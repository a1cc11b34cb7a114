/**
 * What an expression reads that is not always there: `$states.result` and `$states.errorOutput`,
 * and by their names functions that are never there.
 */
export type Use = "result" | "errorOutput" | `$${string}`;

export function usesIn(syntaxTree: unknown): ReadonlySet<Use> {
  const uses = new Set<Use>();
  walk(syntaxTree, uses);
  return uses;
}

function walk(node: unknown, uses: Set<Use>): void {
  if (Array.isArray(node)) for (const item of node) walk(item, uses);
  if (!isNode(node)) return;
  if (node.type === "variable" && isAbsentFunction(node.value)) uses.add(`$${node.value}`);
  const [root, member] = Array.isArray(node["steps"]) ? (node["steps"] as readonly unknown[]) : [];
  if (isNode(root) && root.type === "variable" && root.value === "states" && isNode(member)) {
    noteMember(member.value, uses);
  }
  for (const child of Object.values(node)) walk(child, uses);
}

function noteMember(name: unknown, uses: Set<Use>): void {
  if (name === "result" || name === "errorOutput") uses.add(name);
}

/** `$eval` is not there in AWS either. */
function isAbsentFunction(name: unknown): name is string {
  return name === "eval" || (typeof name === "string" && unsupportedFunctions.has(name));
}

/**
 * Those that Step Functions adds to JSONata (developer guide "transforming-data"), and those that
 * read a clock or draw, which would be this machine's.
 */
const unsupportedFunctions: ReadonlySet<string> = new Set([
  "hash",
  "millis",
  "now",
  "parse",
  "partition",
  "random",
  "range",
  "uuid",
]);

interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof RegExp)
  );
}
