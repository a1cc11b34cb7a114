import type { StateShape } from "./definition-shape.ts";
import type { GraphNode, Report, StateNode } from "./read-graph.ts";

/**
 * Unicode identifiers of at most 80 characters (developer guide "workflow-variables", "Variable
 * name syntax").
 */
const variableName = /^[\p{ID_Start}][\p{ID_Continue}]*$/u;

/**
 * "a variable assigned in an inner scope cannot have the same name as one assigned in an outer
 * scope" (developer guide "workflow-variables", "Variable scope").
 */
export function checkVariables(
  graph: GraphNode,
  report: Report,
  outer: ReadonlySet<string> = new Set(),
): void {
  const own = new Set<string>();
  for (const state of graph.states) {
    for (const name of assignedIn(state.shape)) {
      checkName({ name, outer, state }, report);
      own.add(name);
    }
  }
  const visible = outer.union(own);
  for (const inner of graph.states.flatMap(({ graphs }) => graphs)) {
    checkVariables(inner, report, visible);
  }
}

function checkName(
  {
    name,
    outer,
    state,
  }: { readonly name: string; readonly outer: ReadonlySet<string>; readonly state: StateNode },
  report: Report,
): void {
  const place = `state "${state.name}"`;
  if (name === "states") report(place, "Assign: the name states is reserved");
  else if (!variableName.test(name) || name.length > 80) {
    report(place, `Assign: "${name}" is not the name of a variable`);
  }
  if (outer.has(name)) {
    report(place, `Assign: an outer scope assigns the variable "${name}" already`);
  }
}

function assignedIn(shape: StateShape): readonly string[] {
  const rules = shape.Type === "Choice" ? shape.Choices : "Catch" in shape ? shape.Catch : [];
  const own = "Assign" in shape ? [shape.Assign] : [];
  return [...own, ...rules.map(({ Assign }) => Assign)].flatMap((assign) =>
    Object.keys(assign ?? {}),
  );
}
