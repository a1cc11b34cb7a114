import type { Json } from "../../json-value.ts";
import { unsupported } from "../../unsupported.ts";
import { compileTemplate, expressionsIn, type Template } from "../query/template.ts";
import { usesIn, type Use } from "../query/uses-of-states.ts";
import type { ShapeOf } from "./definition-shape.ts";
import type { MachineNode, Report, StateNode } from "./read-graph.ts";
import type {
  Catcher,
  ChoiceState,
  Retrier,
  State,
  StateGraph,
  TaskState,
  Yield,
} from "./state-machine.ts";

/** Compiles every expression; reports the faulty ones, and those that read what is not there. */
export function compileGraph(graph: MachineNode, report: Report): StateGraph {
  const states = graph.states.map((state) => {
    const compile = templateCompiler(state, report);
    return [state.name, compileState(state, compile)] as const;
  });
  return { startAt: graph.startAt, states: new Map(states) };
}

/** `uses`: what this field may read besides input, context and variables. */
type Compile = <T extends Json | undefined>(
  value: T,
  location: string,
  ...uses: Use[]
) => T extends undefined ? Template | undefined : Template;

function templateCompiler(state: StateNode, report: Report): Compile {
  const compile = (
    value: Json | undefined,
    location: string,
    ...uses: Use[]
  ): Template | undefined => {
    if (value === undefined) return undefined;
    try {
      const template = compileTemplate(value, location);
      for (const fault of forbiddenUses(template, uses)) report(`state "${state.name}"`, fault);
      return template;
    } catch (error) {
      report(`state "${state.name}"`, `${location}: ${(error as Error).message}`);
      return { kind: "constant", value: null };
    }
  };
  return compile as Compile;
}

/**
 * "Attempting to access $states.result or $states.errorOutput in fields and states where they are
 * not accessible will be caught at creation"
 */
function forbiddenUses(template: Template, allowed: readonly Use[]): readonly string[] {
  return expressionsIn(template).flatMap(({ location, syntaxTree }) =>
    [...usesIn(syntaxTree)]
      .filter((use) => !allowed.includes(use))
      .map((use) => `${location}: ${refusalOf(use)}`),
  );
}

function refusalOf(use: Use): string {
  if (use === "$eval") return "$eval is not available";
  return use.startsWith("$") ? unsupported(use) : `$states.${use} is not available here`;
}

function compileState({ name, shape }: StateNode, compile: Compile): State {
  switch (shape.Type) {
    case "Pass":
      return { kind: "Pass", name, ...compileYield(shape, compile) };
    case "Succeed":
      return { kind: "Succeed", name, ...compileYield(shape, compile) };
    case "Fail":
      return { kind: "Fail", name, error: shape.Error, cause: shape.Cause };
    case "Wait":
      return {
        kind: "Wait",
        name,
        ...compileYield(shape, compile),
        seconds: compile(shape.Seconds, "Seconds"),
      };
    case "Choice":
      return compileChoice(name, shape, compile);
    case "Task":
    default:
      return compileTask(name, shape, compile);
  }
}

interface YieldShape {
  readonly Assign?: Readonly<Record<string, Json>> | undefined;
  readonly Output?: Json | undefined;
  readonly Next?: string | undefined;
}

function compileYield(
  shape: YieldShape,
  compile: Compile,
  { prefix = "", uses = [] }: { prefix?: string; uses?: readonly Use[] } = {},
): Yield {
  return {
    assign: compile(shape.Assign, `${prefix}Assign`, ...uses),
    output: compile(shape.Output, `${prefix}Output`, ...uses),
    next: shape.Next,
  };
}

function compileCatch(shape: ShapeOf<"Task">, compile: Compile): readonly Catcher[] {
  return shape.Catch.map((entry, index) => ({
    errors: entry.ErrorEquals,
    ...compileYield(entry, compile, { prefix: `Catch[${index}]/`, uses: ["errorOutput"] }),
  }));
}

function retrierOf(shape: ShapeOf<"Task">["Retry"][number]): Retrier {
  return {
    errors: shape.ErrorEquals,
    intervalSeconds: shape.IntervalSeconds,
    maxAttempts: shape.MaxAttempts,
    backoffRate: shape.BackoffRate,
    maxDelaySeconds: shape.MaxDelaySeconds,
    jitter: shape.JitterStrategy,
  };
}

function compileChoice(name: string, shape: ShapeOf<"Choice">, compile: Compile): ChoiceState {
  const rules = shape.Choices.map((rule, index) => {
    const location = `Choices[${index}]/Condition`;
    return {
      ...compileYield(rule, compile, { prefix: `Choices[${index}]/` }),
      condition: compile(rule.Condition, location),
      location,
    };
  });
  const fallback =
    shape.Default === undefined
      ? undefined
      : compileYield({ ...shape, Next: shape.Default }, compile);
  return { kind: "Choice", name, rules, fallback };
}

function compileTask(name: string, shape: ShapeOf<"Task">, compile: Compile): TaskState {
  return {
    kind: "Task",
    name,
    ...compileYield(shape, compile, { uses: ["result"] }),
    retry: shape.Retry.map(retrierOf),
    catch: compileCatch(shape, compile),
    integration: shape.Resource.endsWith(".waitForTaskToken")
      ? "invoke.waitForTaskToken"
      : "invoke",
    arguments: compile(shape.Arguments, "Arguments"),
    timeout: compile(shape.TimeoutSeconds, "TimeoutSeconds"),
  };
}
