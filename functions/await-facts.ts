import { awaitFacts } from "../src/promotion/steps/await-facts.ts";
import { promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { waitFunction } from "../src/runtime/wait-function.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = waitFunction(awaitFacts, {
  promotions: promotionsOf,
  waits: waitsOf,
  workflow: workflowOf,
});
