import { moveMovingTags } from "../src/promotion/steps/move-moving-tags.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { environmentsOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { writingSchema } from "../src/runtime/writing-schema.ts";

export const { createHandler, handler } = stepFunction(moveMovingTags, writingSchema, {
  environments: environmentsOf,
  promotions: promotionsOf,
  registry: registryOf,
  trail: trailOf,
});
