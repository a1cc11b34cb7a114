import jsonata from "jsonata";
import type { Json } from "../../json-value.ts";
import { budgetName, limitEvaluation, newBudget } from "./limit-evaluation.ts";
import { QueryFault } from "./query-fault.ts";

/** Variables by name, without the `$`; `states` among them. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface Expression {
  /** What stands between `{%` and `%}`. */
  readonly text: string;
  readonly location: string;
  readonly syntaxTree: unknown;
  /** Rejects with a QueryFault; "JSON cannot represent an undefined value expression". */
  evaluate(bindings: Bindings): Promise<Json>;
}

/** Throws an Error with a readable message for a syntax error. */
export function compileExpression(text: string, location: string): Expression {
  const compiled = parsed(text);
  limitEvaluation(compiled);
  return {
    text,
    location,
    syntaxTree: compiled.ast(),
    evaluate: (bindings) => evaluate(compiled, { text, location, bindings }),
  };
}

function parsed(text: string): jsonata.Expression {
  try {
    return jsonata(text);
  } catch (error) {
    const { message, position } = fault(error);
    throw new Error(`JSONata syntax error at character ${position ?? 0} of "${text}": ${message}`, {
      cause: error,
    });
  }
}

interface Evaluation {
  readonly text: string;
  readonly location: string;
  readonly bindings: Bindings;
}

async function evaluate(
  compiled: jsonata.Expression,
  { text, location, bindings }: Evaluation,
): Promise<Json> {
  const subject = `The JSONata expression '${text}' specified for the field '${location}'`;
  const result = await compiled
    .evaluate(undefined, { ...bindings, [budgetName]: newBudget() })
    .catch((error: unknown) => {
      throw new QueryFault(
        location,
        `${subject} threw an error during evaluation. ${described(error)}`,
      );
    });
  // JSONata marks its sequences with extra properties; a round trip leaves the plain value
  const json: string | undefined = JSON.stringify(result, withoutFunctions);
  if (json === undefined) {
    throw new QueryFault(location, `${subject} returned nothing (undefined).`);
  }
  return JSON.parse(json) as Json;
}

/** JSONata's functions are objects, the inner parts of an interpreter. */
function withoutFunctions(_key: string, value: unknown): unknown {
  const isFunction =
    typeof value === "object" &&
    value !== null &&
    ("_jsonata_function" in value || "_jsonata_lambda" in value);
  return isFunction ? undefined : value;
}

function described(error: unknown): string {
  const { code, message } = fault(error);
  return code === undefined ? message : `${code}: ${message}`;
}

/** JSONata throws plain objects. */
function fault(error: unknown): { code?: string; message: string; position?: number } {
  return error as { code?: string; message: string; position?: number };
}
