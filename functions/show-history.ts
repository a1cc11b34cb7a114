import * as z from "zod";
import { endings } from "../src/domain/promotion.ts";
import { showHistory } from "../src/promotion/operations/show-history.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import { promotionsOf } from "../src/runtime/state.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  limit: z.number().int().min(1).max(100).default(20),
  before: z.string().optional(),
  endings: z.array(z.enum(endings)).min(1).optional(),
});

export const { createHandler, handler } = operationFunction(
  showHistory,
  { schema, whenTimeRunsOut: "answer" },
  { promotions: promotionsOf },
);
