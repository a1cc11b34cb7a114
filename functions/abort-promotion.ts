import * as z from "zod";
import { abortPromotion } from "../src/promotion/operations/abort-promotion.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.strictObject({
  promotion: nameSchema,
  by: personSchema,
  reason: personSchema.optional(),
});

export const { createHandler, handler } = operationFunction(
  abortPromotion,
  { schema },
  { promotions: promotionsOf, trail: trailOf, waits: waitsOf, workflow: workflowOf },
);
