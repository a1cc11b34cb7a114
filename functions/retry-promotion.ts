import * as z from "zod";
import { retryPromotion } from "../src/promotion/operations/retry-promotion.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { promotionsOf, releasesOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.strictObject({
  promotion: nameSchema,
  requester: personSchema.optional(),
  reason: personSchema.optional(),
});

export const { createHandler, handler } = operationFunction(
  retryPromotion,
  { schema },
  { promotions: promotionsOf, releases: releasesOf, workflow: workflowOf },
);
