import { onFactsChanged } from "../src/promotion/on-facts-changed.ts";
import { factsEventSchema } from "../src/runtime/event-schemas.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { openWorkOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations, promotions: promotionsOf(world), waits: waitsOf(world), openWork: openWorkOf(world),
    workflow: workflowOf(world), clock: world.clock,
  };
  return lambda(world, { name: "OnFactsChanged", schema: factsEventSchema }, (input) => onFactsChanged(input, ports));
};

export const handler = inLambda(createHandler);
