import * as z from "zod";
import type { Given } from "../ports/ports.ts";
import type { Task } from "../promotion/step/task.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { operationFunction } from "./operation-function.ts";
import type { FactoriesFor } from "./ports-of.ts";
import { stepSchema } from "./step-schemas.ts";

const schema = stepSchema.extend({ token: z.string().min(1), seconds: z.number().positive() });

/** Only stores a token: what it returns is discarded by the state machine. */
export function waitFunction<Ports extends Given>(
  wait: Task<z.output<typeof schema>, void, Ports>,
  factories: FactoriesFor<Ports>,
): LambdaFunction {
  return operationFunction(wait, { schema }, factories);
}
