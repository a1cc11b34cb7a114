import type * as z from "zod";
import type { Given } from "../ports/ports.ts";
import type { Task } from "../promotion/step/task.ts";
import type { Invocation } from "./invocation.ts";
import { lambdaFunction, type LambdaFunction } from "./lambda-function.ts";
import { lambda, type LambdaOptions } from "./lambda.ts";
import { portsOf, type FactoriesFor } from "./ports-of.ts";

/** A function that people and the schedule invoke. */
export function operationFunction<Input, Ports extends Given>(
  operation: Task<NoInfer<Input> & Invocation, unknown, Ports>,
  options: Omit<LambdaOptions<z.ZodType<Input>>, "name">,
  factories: FactoriesFor<Ports>,
): LambdaFunction {
  return lambdaFunction((world) => {
    const ports = portsOf(factories, world);
    return lambda(world, { name: operation.name, ...options }, (input, invocation) =>
      operation.run({ ...input, ...invocation }, ports),
    );
  });
}
