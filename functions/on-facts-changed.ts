import { onFactsChanged } from "../src/promotion/events/on-facts-changed.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import { factsEventSchema } from "../src/runtime/event-schemas.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { openWorkOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    waits: waitsOf(world),
    openWork: openWorkOf(world),
    workflow: workflowOf(world),
    clock: world.clock,
  };
  return eventFunction(
    world,
    {
      name: "OnFactsChanged",
      schema: factsEventSchema,
      about: ({ repository }) => ({ repository }),
    },
    (input) => onFactsChanged(input, ports),
  );
};

export const handler = inLambda(createHandler);
