import { awaitTurn } from "../src/promotion/steps/await-turn.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { awaiting } from "../src/runtime/step.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    promotions: promotionsOf(world),
    waits: waitsOf(world),
    environments: environmentsOf(world),
    workflow: workflowOf(world),
    clock: world.clock,
  };
  return awaiting(world, "AwaitTurn", (input) => awaitTurn(input, ports));
};

export const handler = inLambda(createHandler);
