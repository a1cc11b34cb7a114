import type { LambdaHandler } from "./lambda.ts";
import { inLambda } from "./real-world.ts";
import type { World } from "./world.ts";

/** What a file of `functions/` exports: one handler for Lambda, and one for any other world. */
export interface LambdaFunction {
  readonly createHandler: (world: World) => LambdaHandler;
  readonly handler: LambdaHandler;
}

export function lambdaFunction(createHandler: (world: World) => LambdaHandler): LambdaFunction {
  return { createHandler, handler: inLambda(createHandler) };
}
