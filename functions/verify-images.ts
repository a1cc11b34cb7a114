import { verifyImages } from "../src/promotion/steps/verify-images.ts";
import { registryOf, scansOf } from "../src/runtime/registry.ts";
import { environmentsOf, promotionsOf, releasesOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(verifyImages, stepSchema, {
  environments: environmentsOf,
  promotions: promotionsOf,
  registry: registryOf,
  releases: releasesOf,
  scans: scansOf,
  trail: trailOf,
});
