import { awaitTurn } from "../src/promotion/steps/await-turn.ts";
import { environmentsOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { waitFunction } from "../src/runtime/wait-function.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = waitFunction(awaitTurn, {
  environments: environmentsOf,
  promotions: promotionsOf,
  waits: waitsOf,
  workflow: workflowOf,
});
