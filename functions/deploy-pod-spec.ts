import { deployPodSpec } from "../src/promotion/steps/deploy-pod-spec.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { environmentsOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { writingSchema } from "../src/runtime/writing-schema.ts";

export const { createHandler, handler } = stepFunction(deployPodSpec, writingSchema, {
  clusters: clustersOf,
  environments: environmentsOf,
  promotions: promotionsOf,
  trail: trailOf,
});
