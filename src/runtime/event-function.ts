import type { Given } from "../ports/ports.ts";
import type { StepResult } from "../promotion/step/step-result.ts";
import type { Task } from "../promotion/step/task.ts";
import { answerEvents, type EventOptions } from "./answer-events.ts";
import { lambdaFunction, type LambdaFunction } from "./lambda-function.ts";
import { portsOf, type FactoriesFor } from "./ports-of.ts";

/** A function that an event invokes. */
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
