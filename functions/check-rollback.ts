import { checkRollback } from "../src/promotion/steps/check-rollback.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(checkRollback, stepSchema, {
  clusters: clustersOf,
  promotions: promotionsOf,
  trail: trailOf,
});
