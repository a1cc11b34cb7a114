import { checkRollback } from "../src/promotion/steps/check-rollback.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { promotionsOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    clusters: clustersOf(world),
    clock: world.clock,
  };
  return step(world, { name: "CheckRollback", schema: stepSchema }, (input) =>
    checkRollback(input, ports),
  );
};

export const handler = inLambda(createHandler);
