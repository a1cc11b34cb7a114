import { preparePodSpec } from "../src/promotion/steps/prepare-pod-spec.ts";
import { archivesOf } from "../src/runtime/archives.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { schemasOf } from "../src/runtime/schemas.ts";
import { environmentsOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(preparePodSpec, stepSchema, {
  archives: archivesOf,
  clusters: clustersOf,
  environments: environmentsOf,
  promotions: promotionsOf,
  registry: registryOf,
  schemas: schemasOf,
  trail: trailOf,
});
