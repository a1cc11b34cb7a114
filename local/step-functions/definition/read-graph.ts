import type { z } from "zod";
import { isObject } from "../../json-value.ts";
import { machineShape, stateShape, type StateShape } from "./definition-shape.ts";
import { nameField } from "./unsupported-features.ts";

/** A definition whose fields have their shapes; not yet known to make sense. */
export interface MachineNode {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: readonly StateNode[];
  /**
   * Names of the states whose fields do not have their shapes: they are there, and nobody knows
   * where they lead.
   */
  readonly unreadable: readonly string[];
}
export interface StateNode {
  readonly name: string;
  readonly shape: StateShape;
}

/** Where a fault of the definition as a whole stands. */
export const wholeMachine = "the state machine";

/** Says what is wrong, and where. */
export type Report = (place: string, fault: string) => void;

export function readMachine(value: unknown, report: Report): MachineNode | undefined {
  const shape = read(machineShape, value, { place: wholeMachine, report });
  if (!shape) return undefined;
  const all = Object.entries(shape.States).map(
    ([name, state]) => readState(name, state, report) ?? name,
  );
  return {
    startAt: shape.StartAt,
    timeoutSeconds: shape.TimeoutSeconds,
    states: all.filter((one) => typeof one !== "string"),
    unreadable: all.filter((one) => typeof one === "string"),
  };
}

function readState(name: string, value: unknown, report: Report): StateNode | undefined {
  const shape = read(stateShape, value, { place: `state "${name}"`, report });
  return shape && { name, shape };
}

function read<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { place, report }: { readonly place: string; readonly report: Report },
): z.output<S> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(place, nameFault(issue, value));
  return undefined;
}

function nameFault(issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
  if (issue.code !== "unrecognized_keys") {
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  }
  const type = isObject(value) && typeof value["Type"] === "string" ? value["Type"] : undefined;
  return issue.keys.map((key) => nameField({ key, path, type })).join("; ");
}
