import { preparePodSpec } from "../src/promotion/steps/prepare-pod-spec.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    clusters: clustersOf(world),
    hash: sha256,
  };
  return step(world, { name: "PreparePodSpec", schema: stepSchema }, (input) =>
    preparePodSpec(input, ports),
  );
};

export const handler = inLambda(createHandler);
