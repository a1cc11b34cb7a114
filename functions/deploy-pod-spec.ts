import { deployPodSpec } from "../src/promotion/steps/deploy-pod-spec.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf } from "../src/runtime/state.ts";
import { step, writingSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    clusters: clustersOf(world),
    clock: world.clock,
  };
  return step(world, { name: "DeployPodSpec", schema: writingSchema }, (input, running) =>
    deployPodSpec({ ...input, ...running }, ports),
  );
};

export const handler = inLambda(createHandler);
