import type * as z from "zod";
import type { Given } from "../ports/ports.ts";
import type { StepInput, StepResult } from "../promotion/step/step-result.ts";
import type { Task } from "../promotion/step/task.ts";
import type { Invocation } from "./invocation.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { operationFunction } from "./operation-function.ts";
import type { FactoriesFor } from "./ports-of.ts";

/** Behind a Task of the workflow: only the outcome goes into the state data. */
export function stepFunction<Input extends StepInput, Ports extends Given>(
  { name, needs, run }: Task<NoInfer<Input> & Invocation, StepResult, Ports>,
  schema: z.ZodType<Input>,
  factories: FactoriesFor<Ports>,
): LambdaFunction {
  const answer = async (input: Input & Invocation, ports: Ports): Promise<unknown> => {
    const { outcome, seconds } = await run(input, ports);
    return seconds === undefined ? { outcome } : { outcome, seconds };
  };
  return operationFunction({ name, needs, run: answer }, { schema }, factories);
}
