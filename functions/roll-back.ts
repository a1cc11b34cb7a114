import { rollBack } from "../src/promotion/steps/roll-back.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf } from "../src/runtime/state.ts";
import { failureSchema, step, writingSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    clusters: clustersOf(world),
    clock: world.clock,
  };
  return step(
    world,
    { name: "RollBack", schema: writingSchema.extend({ failure: failureSchema.optional() }) },
    (input, running) => rollBack({ ...input, ...running }, ports),
  );
};

export const handler = inLambda(createHandler);
