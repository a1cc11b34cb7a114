import * as z from "zod";
import { retryPromotion } from "../src/promotion/operations/retry-promotion.ts";
import { sha256 } from "../src/runtime/hash.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { promotionsOf, releasesOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({
  promotion: nameSchema,
  requester: personSchema.optional(),
  reason: personSchema.optional(),
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    promotions: promotionsOf(world),
    releases: releasesOf(world),
    workflow: workflowOf(world),
    hash: sha256,
  };
  return lambda(world, { name: "RetryPromotion", schema }, ({ promotion, requester, reason }) =>
    retryPromotion({ promotion, requester, reason }, ports),
  );
};

export const handler = inLambda(createHandler);
