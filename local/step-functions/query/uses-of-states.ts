/**
 * What an expression reads that is not always there: `$states.result`, `$states.errorOutput`, and
 * `$eval`, which is never there.
 */
export type Use = "result" | "errorOutput" | "eval";

export function usesIn(syntaxTree: unknown): ReadonlySet<Use> {
  const uses = new Set<Use>();
  walk(syntaxTree, uses);
  return uses;
}

function walk(node: unknown, uses: Set<Use>): void {
  if (Array.isArray(node)) for (const item of node) walk(item, uses);
  if (!isNode(node)) return;
  if (node.type === "variable" && node.value === "eval") uses.add("eval");
  const [root, member] = Array.isArray(node["steps"]) ? (node["steps"] as readonly unknown[]) : [];
  if (isNode(root) && root.type === "variable" && root.value === "states" && isNode(member)) {
    noteMember(member.value, uses);
  }
  for (const child of Object.values(node)) walk(child, uses);
}

function noteMember(name: unknown, uses: Set<Use>): void {
  if (name === "result" || name === "errorOutput") uses.add(name);
}

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
