import * as z from "zod";
import { endings } from "../src/domain/promotion.ts";
import { showHistory } from "../src/promotion/operations/show-history.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { promotionsOf } from "../src/runtime/state.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  limit: z.number().int().min(1).max(100).default(20),
  before: z.string().optional(),
  endings: z.array(z.enum(endings)).min(1).optional(),
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = { configurations: world.configurations, promotions: promotionsOf(world) };
  return lambda(world, { name: "ShowHistory", schema, whenTimeRunsOut: "answer" }, (input) =>
    showHistory(input, ports),
  );
};

export const handler = inLambda(createHandler);
