import { rollBack } from "../src/promotion/steps/roll-back.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { environmentsOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { failureSchema } from "../src/runtime/step-schemas.ts";
import { writingSchema } from "../src/runtime/writing-schema.ts";

export const { createHandler, handler } = stepFunction(
  rollBack,
  writingSchema.extend({ failure: failureSchema.optional() }),
  { clusters: clustersOf, environments: environmentsOf, promotions: promotionsOf, trail: trailOf },
);
