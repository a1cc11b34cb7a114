import * as z from "zod";
import { closePromotion } from "../src/promotion/steps/close-promotion.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { failureSchema, step, stepSchema } from "../src/runtime/step.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = stepSchema.extend({
  failure: failureSchema.optional(),
  expired: z.string().optional(),
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    waits: waitsOf(world),
    workflow: workflowOf(world),
    clock: world.clock,
  };
  return step(world, { name: "ClosePromotion", schema }, (input) => closePromotion(input, ports));
};

export const handler = inLambda(createHandler);
