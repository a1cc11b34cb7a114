import type { z } from "zod";
import { isJsonObject } from "../json.ts";
import {
  graphShape,
  machineShape,
  processorShape,
  stateShape,
  type StateShape,
} from "./definition-shape.ts";
import { nameField } from "./name-field.ts";

/** A definition whose fields have their shapes; not yet known to make sense. */
export interface GraphNode {
  readonly place: string;
  readonly startAt: string;
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
  readonly graphs: readonly GraphNode[];
}
export interface MachineNode extends GraphNode {
  readonly timeoutSeconds: number | undefined;
}

/** Says what is wrong, and where. */
export type Report = (place: string, fault: string) => void;

export function readMachine(value: unknown, report: Report): MachineNode | undefined {
  const shape = read(machineShape, value, { place: "the state machine", report });
  if (!shape) return undefined;
  return { ...nodeOf(shape, "the state machine", report), timeoutSeconds: shape.TimeoutSeconds };
}

function nodeOf(shape: z.output<typeof graphShape>, place: string, report: Report): GraphNode {
  const all = Object.entries(shape.States).map(
    ([name, state]) => readState(name, state, report) ?? name,
  );
  return {
    place,
    startAt: shape.StartAt,
    states: all.filter((one) => typeof one !== "string"),
    unreadable: all.filter((one) => typeof one === "string"),
  };
}

function readState(name: string, value: unknown, report: Report): StateNode | undefined {
  const shape = read(stateShape, value, { place: `state "${name}"`, report });
  return shape && { name, shape, graphs: graphsOf(name, shape, report) };
}

function graphsOf(name: string, shape: StateShape, report: Report): readonly GraphNode[] {
  if (shape.Type === "Map") {
    return readNested(processorShape, shape.ItemProcessor, {
      place: `state "${name}", ItemProcessor`,
      report,
    });
  }
  if (shape.Type !== "Parallel") return [];
  return shape.Branches.flatMap((branch, index) =>
    readNested(graphShape, branch, { place: `state "${name}", Branches[${index}]`, report }),
  );
}

function readNested(
  schema: typeof graphShape | typeof processorShape,
  value: unknown,
  where: Where,
): readonly GraphNode[] {
  const shape = read(schema, value, where);
  return shape ? [nodeOf(shape, where.place, where.report)] : [];
}

interface Where {
  readonly place: string;
  readonly report: Report;
}

function read<S extends z.ZodType>(
  schema: S,
  value: unknown,
  { place, report }: Where,
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
  const type = isJsonObject(value) && typeof value["Type"] === "string" ? value["Type"] : undefined;
  return issue.keys.map((key) => nameField({ key, path, type })).join("; ");
}
