import { retagImages } from "../src/promotion/steps/retag-images.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { environmentsOf, promotionsOf } from "../src/runtime/state.ts";
import { step, writingSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    registry: registryOf(world),
    configurations: world.configurations,
    clock: world.clock,
    pause: world.pause,
  };
  return step(world, { name: "RetagImages", schema: writingSchema }, (input, running) =>
    retagImages({ ...input, ...running }, ports),
  );
};

export const handler = inLambda(createHandler);
