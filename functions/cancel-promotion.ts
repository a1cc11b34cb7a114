import * as z from "zod";
import { cancelPromotion } from "../src/promotion/operations/cancel-promotion.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({ promotion: nameSchema, by: personSchema });

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    waits: waitsOf(world),
    trail: trailOf(world),
    workflow: workflowOf(world),
    clock: world.clock,
  };
  return lambda(world, { name: "CancelPromotion", schema }, (input) =>
    cancelPromotion(input, ports),
  );
};

export const handler = inLambda(createHandler);
