import { preparePodSpec } from "../src/promotion/steps/prepare-pod-spec.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { schemasOf } from "../src/runtime/schemas.ts";
import { environmentsOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(preparePodSpec, stepSchema, {
  clusters: clustersOf,
  environments: environmentsOf,
  promotions: promotionsOf,
  schemas: schemasOf,
  trail: trailOf,
});
