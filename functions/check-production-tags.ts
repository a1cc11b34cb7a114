import { checkProductionTags } from "../src/promotion/steps/check-production-tags.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { promotionsOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    registry: registryOf(world),
  };
  return step(world, { name: "CheckProductionTags", schema: stepSchema }, (input) =>
    checkProductionTags(input, ports),
  );
};

export const handler = inLambda(createHandler);
