import { unsupported } from "../../unsupported.ts";
import type { StateShape } from "./definition-shape.ts";
import { wholeMachine, type MachineNode, type Report, type StateNode } from "./read-graph.ts";

/** What a shape cannot say: transitions, the rules of Retry and Catch. */
export function checkGraph(machine: MachineNode, report: Report): void {
  checkTransitions(machine, report);
  checkPaths(machine, report);
  for (const state of machine.states) checkState(state, report);
}

function checkTransitions(graph: MachineNode, report: Report): void {
  const known = new Set([...graph.states.map(({ name }) => name), ...graph.unreadable]);
  if (!known.has(graph.startAt)) {
    report(wholeMachine, `StartAt: there is no state "${graph.startAt}" here`);
  }
  for (const { name, shape } of graph.states) {
    for (const [field, target] of targetsOf(shape)) {
      if (!known.has(target)) {
        report(`state "${name}"`, `${field}: there is no state "${target}" here`);
      }
    }
  }
}

/**
 * The two faults of a graph as a whole that AWS's statelint names: a state that nothing leads to,
 * and no state that ends. An unreadable one may do both.
 */
function checkPaths(graph: MachineNode, report: Report): void {
  if (graph.unreadable.length > 0) return;
  const targets = graph.states.flatMap(({ name, shape }) =>
    targetsOf(shape)
      .map(([, target]) => target)
      .filter((target) => target !== name),
  );
  const reached = new Set([graph.startAt, ...targets]);
  for (const { name } of graph.states) {
    if (!reached.has(name)) report(`state "${name}"`, "no other state leads to it");
  }
  if (!graph.states.some(({ shape }) => ends(shape))) report(wholeMachine, "no state ends it");
}

function ends(shape: StateShape): boolean {
  return (
    shape.Type === "Succeed" || shape.Type === "Fail" || ("End" in shape && shape.End === true)
  );
}

function targetsOf(shape: StateShape): readonly (readonly [string, string])[] {
  const catches =
    "Catch" in shape
      ? shape.Catch.map(({ Next }, index) => [`Catch[${index}].Next`, Next] as const)
      : [];
  if (shape.Type === "Choice") {
    const rules = shape.Choices.map(({ Next }, index) => [`Choices[${index}].Next`, Next] as const);
    return shape.Default === undefined ? rules : [...rules, ["Default", shape.Default]];
  }
  return "Next" in shape && shape.Next !== undefined ? [["Next", shape.Next], ...catches] : catches;
}

function checkState({ name, shape }: StateNode, report: Report): void {
  const fault = (text: string): void => report(`state "${name}"`, text);
  if (hasOnwards(shape) && (shape.Next === undefined) !== (shape.End === true)) {
    fault('exactly one of Next and "End": true is needed');
  }
  if (shape.Type === "Task") checkTask(shape, fault);
  if ("Retry" in shape) checkErrors("Retry", shape.Retry, fault);
  if ("Catch" in shape) checkErrors("Catch", shape.Catch, fault);
}

function hasOnwards(
  shape: StateShape,
): shape is StateShape & { readonly Next?: string; readonly End?: boolean } {
  return shape.Type !== "Choice" && shape.Type !== "Succeed" && shape.Type !== "Fail";
}

const invokeArguments = new Set(["FunctionName", "Payload"]);

function checkTask(
  { Arguments: given }: StateShape & { readonly Type: "Task" },
  fault: (text: string) => void,
): void {
  if (given["FunctionName"] === undefined) fault("Arguments.FunctionName is missing");
  for (const key of Object.keys(given)) {
    if (!invokeArguments.has(key)) fault(unsupported(`Arguments.${key}`));
  }
}

/**
 * "It must appear alone in the ErrorEquals array and must appear in the last retrier" (developer
 * guide "concepts-error-handling").
 */
function checkErrors(
  field: string,
  entries: readonly { readonly ErrorEquals: readonly string[] }[],
  fault: (text: string) => void,
): void {
  for (const [index, { ErrorEquals: errors }] of entries.entries()) {
    if (!errors.includes("States.ALL")) continue;
    if (errors.length > 1) fault(`${field}[${index}].ErrorEquals: States.ALL must stand alone`);
    if (index < entries.length - 1) {
      fault(`${field}[${index}].ErrorEquals: States.ALL must be in the last entry`);
    }
  }
}
