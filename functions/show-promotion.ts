import * as z from "zod";
import { showPromotion } from "../src/promotion/operations/show-promotion.ts";
import { sha256 } from "../src/runtime/hash.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import {
  approvalsOf,
  environmentsOf,
  promotionsOf,
  releasesOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({ promotion: nameSchema });

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    approvals: approvalsOf(world),
    trail: trailOf(world),
    hash: sha256,
    waits: waitsOf(world),
    environments: environmentsOf(world),
    releases: releasesOf(world),
    clock: world.clock,
  };
  return lambda(world, { name: "ShowPromotion", schema, whenTimeRunsOut: "answer" }, (input) =>
    showPromotion(input, ports),
  );
};

export const handler = inLambda(createHandler);
