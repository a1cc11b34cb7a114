import type * as z from "zod";
import type { Given } from "../ports/ports.ts";
import type { StepInput, StepResult } from "../promotion/step/step-result.ts";
import type { Task } from "../promotion/step/task.ts";
import type { Invocation } from "./invocation.ts";
import { lambdaFunction, type LambdaFunction } from "./lambda-function.ts";
import { lambda } from "./lambda.ts";
import { portsOf, type FactoriesFor } from "./ports-of.ts";

/** Behind a Task of the workflow: only the outcome goes into the state data. */
export function stepFunction<Input extends StepInput, Ports extends Given>(
  step: Task<NoInfer<Input> & Invocation, StepResult, Ports>,
  schema: z.ZodType<Input>,
  factories: FactoriesFor<Ports>,
): LambdaFunction {
  return lambdaFunction((world) => {
    const ports = portsOf(factories, world);
    return lambda(world, { name: step.name, schema }, async (input, invocation) => {
      const { outcome, seconds } = await step.run({ ...input, ...invocation }, ports);
      return seconds === undefined ? { outcome } : { outcome, seconds };
    });
  });
}
