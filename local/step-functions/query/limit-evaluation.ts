import type jsonata from "jsonata";

/** One per evaluation; an expression may be under way several times at once. */
export interface Budget {
  readonly endsAt: number;
  depth: number;
}

/** No variable of an expression can have this name. */
export const budgetName = " budget";

/** "A JSONata expression that takes longer than 1 second to evaluate will fail" (developer guide "transforming-data"). */
export function newBudget(): Budget {
  return { endsAt: performance.now() + 1_000, depth: 0 };
}

/** The vendor names a limit of recursion but not its size; a tail call does not count, as JSONata makes a loop of it. */
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
  if (performance.now() > budget.endsAt) throw new Error("Expression evaluation timeout");
}

function leave(_node: unknown, _input: unknown, environment: jsonata.Environment): void {
  const budget: Budget | undefined = environment.lookup(budgetName);
  if (budget) budget.depth -= 1;
}
