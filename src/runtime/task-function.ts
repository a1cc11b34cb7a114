import type * as z from "zod";
import type { Given } from "../ports/ports.ts";
import type { StepInput, StepResult } from "../promotion/record/step-result.ts";
import type { Task } from "../promotion/record/task.ts";
import { answerEvents, type EventOptions } from "./answer-events.ts";
import type { Invocation } from "./invocation.ts";
import { lambda, type LambdaHandler, type LambdaOptions } from "./lambda.ts";
import { portsOf, type FactoriesFor } from "./ports-of.ts";
import { inLambda } from "./real-world.ts";
import type { World } from "./world.ts";

/** What a file of `functions/` exports: one handler for Lambda, and one for any other world. */
export interface LambdaFunction {
  readonly createHandler: (world: World) => LambdaHandler;
  readonly handler: LambdaHandler;
}

function lambdaFunction(createHandler: (world: World) => LambdaHandler): LambdaFunction {
  return { createHandler, handler: inLambda(createHandler) };
}

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

/** What people and the schedule call. */
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

export function eventFunction<Input, Ports extends Given>(
  event: Task<NoInfer<Input>, StepResult, Ports>,
  options: EventOptions<Input>,
  factories: FactoriesFor<Ports>,
): LambdaFunction {
  return lambdaFunction((world) => {
    const ports = portsOf(factories, world);
    return answerEvents(world, { name: event.name, ...options }, (input) =>
      event.run(input, ports),
    );
  });
}
