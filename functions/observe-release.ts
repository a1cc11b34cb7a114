import { observeRelease } from "../src/promotion/steps/observe-release.ts";
import { observersOf } from "../src/runtime/observers.ts";
import { promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(observeRelease, stepSchema, {
  observers: observersOf,
  promotions: promotionsOf,
  trail: trailOf,
});
