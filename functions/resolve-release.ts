import * as z from "zod";
import { resolveRelease } from "../src/promotion/steps/resolve-release.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { registryOf } from "../src/runtime/registry.ts";
import { environmentsOf, openWorkOf, promotionsOf, releasesOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

const schema = stepSchema.extend({
  execution: z.string(),
  startedAt: z.string(),
  input: z.unknown(),
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    releases: releasesOf(world),
    environments: environmentsOf(world),
    openWork: openWorkOf(world),
    registry: registryOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return step(world, { name: "ResolveRelease", schema }, (input) => resolveRelease(input, ports));
};

export const handler = inLambda(createHandler);
