import { checkGraph } from "./check-graph.ts";
import { checkVariables } from "./check-variables.ts";
import { compileGraph } from "./compile-graph.ts";
import { readMachine, type Report } from "./read-graph.ts";
import type { StateMachineDefinition } from "./state-machine.ts";

/** "Maximum size of state machine definition: 1 MB" (developer guide "service-quotas"). */
const maxDefinition = 1_048_576;

/**
 * Reads a definition (an object, or JSON text) and throws an `InvalidDefinition` that names every
 * fault it finds, including what AWS would run and this interpreter would not.
 */
export function loadDefinition(definition: unknown): StateMachineDefinition {
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  if (Buffer.byteLength(text) > maxDefinition) {
    throw invalid([`the definition is larger than ${maxDefinition} bytes`]);
  }
  return compiled(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid([`the definition is not JSON: ${(error as Error).message}`]);
  }
}

function compiled(value: unknown): StateMachineDefinition {
  const faults: string[] = [];
  const report: Report = (place, fault) => void faults.push(`${place}: ${fault}`);
  const machine = readMachine(value, report);
  if (!machine) throw invalid(faults);
  checkGraph(machine, report);
  checkVariables(machine, report);
  const graph = compileGraph(machine, report);
  if (faults.length > 0) throw invalid(faults);
  return { ...graph, timeoutSeconds: machine.timeoutSeconds };
}

function invalid(faults: readonly string[]): Error {
  return Object.assign(new Error(faults.join("\n")), { name: "InvalidDefinition" });
}
