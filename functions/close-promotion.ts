import * as z from "zod";
import { closePromotion } from "../src/promotion/steps/close-promotion.ts";
import { environmentsOf, promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { failureSchema, stepSchema } from "../src/runtime/step-schemas.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = stepSchema.extend({
  failure: failureSchema.optional(),
  expired: z.string().optional(),
});

export const { createHandler, handler } = stepFunction(closePromotion, schema, {
  environments: environmentsOf,
  promotions: promotionsOf,
  trail: trailOf,
  waits: waitsOf,
  workflow: workflowOf,
});
