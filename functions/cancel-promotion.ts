import * as z from "zod";
import { cancelPromotion } from "../src/promotion/operations/cancel-promotion.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { environmentsOf, promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.strictObject({ promotion: nameSchema, by: personSchema });

export const { createHandler, handler } = operationFunction(
  cancelPromotion,
  { schema },
  {
    environments: environmentsOf,
    promotions: promotionsOf,
    trail: trailOf,
    waits: waitsOf,
    workflow: workflowOf,
  },
);
