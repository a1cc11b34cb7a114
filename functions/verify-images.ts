import { verifyImages } from "../src/promotion/steps/verify-images.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { registryOf, scansOf } from "../src/runtime/registry.ts";
import { environmentsOf, promotionsOf, releasesOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    releases: releasesOf(world),
    environments: environmentsOf(world),
    registry: registryOf(world),
    scans: scansOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return step(world, { name: "VerifyImages", schema: stepSchema }, (input) =>
    verifyImages(input, ports),
  );
};

export const handler = inLambda(createHandler);
