import { checkRollout } from "../src/promotion/steps/check-rollout.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { checkRolloutSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(checkRollout, checkRolloutSchema, {
  clusters: clustersOf,
  promotions: promotionsOf,
  trail: trailOf,
});
