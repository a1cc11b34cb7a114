import type jsonata from "jsonata";

/** One per evaluation; an expression may be under way several times at once. */
export interface Budget {
  steps: number;
  depth: number;
}

/** No variable of an expression can have this name. */
export const budgetName = " budget";

export function newBudget(): Budget {
  return { steps: 0, depth: 0 };
}

/**
 * "A JSONata expression that takes longer than 1 second to evaluate will fail" (developer guide
 * "transforming-data"). That second is AWS's own and nobody else's business: here it is counted in
 * steps, so that a slow or busy machine judges like an idle one.
 */
const maxSteps = 300_000;

/**
 * The vendor names a limit of recursion but not its size; a tail call does not count, as JSONata
 * makes a loop of it.
 */
const deepest = 500;

export function limitEvaluation(expression: jsonata.Expression): void {
  const environment = expression as unknown as { assign(name: symbol, value: unknown): void };
  environment.assign(Symbol.for("jsonata.__evaluate_entry"), enter);
  environment.assign(Symbol.for("jsonata.__evaluate_exit"), leave);
}

function enter(_node: unknown, _input: unknown, environment: jsonata.Environment): void {
  const budget: Budget | undefined = environment.lookup(budgetName);
  if (!budget) return;
  budget.depth += 1;
  if (budget.depth > deepest) throw new Error("Stack overflow error");
  budget.steps += 1;
  if (budget.steps > maxSteps) {
    throw new Error(`Expression evaluation timeout (counted here as more than ${maxSteps} steps)`);
  }
}

function leave(_node: unknown, _input: unknown, environment: jsonata.Environment): void {
  const budget: Budget | undefined = environment.lookup(budgetName);
  if (budget) budget.depth -= 1;
}
