import { checkProductionTags } from "../src/promotion/steps/check-production-tags.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(checkProductionTags, stepSchema, {
  promotions: promotionsOf,
  registry: registryOf,
  trail: trailOf,
});
