import type { StateShape } from "./definition-shape.ts";
import type { MachineNode, Report, StateNode } from "./read-graph.ts";

/**
 * Unicode identifiers of at most 80 characters (developer guide "workflow-variables", "Variable
 * name syntax").
 */
const variableName = /^[\p{ID_Start}][\p{ID_Continue}]*$/u;

export function checkVariables({ states }: MachineNode, report: Report): void {
  for (const state of states) {
    for (const name of assignedIn(state.shape)) checkName(name, state, report);
  }
}

function checkName(name: string, state: StateNode, report: Report): void {
  const place = `state "${state.name}"`;
  if (name === "states") report(place, "Assign: the name states is reserved");
  else if (!variableName.test(name) || name.length > 80) {
    report(place, `Assign: "${name}" is not the name of a variable`);
  }
}

function assignedIn(shape: StateShape): readonly string[] {
  const rules = shape.Type === "Choice" ? shape.Choices : "Catch" in shape ? shape.Catch : [];
  const own = "Assign" in shape ? [shape.Assign] : [];
  return [...own, ...rules.map(({ Assign }) => Assign)].flatMap((assign) =>
    Object.keys(assign ?? {}),
  );
}
