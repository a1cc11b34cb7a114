import { checkRollout } from "../src/promotion/steps/check-rollout.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";
import { stepFunction } from "../src/runtime/task-function.ts";

export const { createHandler, handler } = stepFunction(checkRollout, stepSchema, {
  clusters: clustersOf,
  promotions: promotionsOf,
  trail: trailOf,
});
