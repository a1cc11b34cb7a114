import * as z from "zod";
import { showStatus } from "../src/promotion/operations/show-status.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import {
  approvalsOf,
  environmentsOf,
  ignoredPushesOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  waitsOf,
} from "../src/runtime/state.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({ application: nameSchema.optional() });

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    releases: releasesOf(world),
    openWork: openWorkOf(world),
    ignoredPushes: ignoredPushesOf(world),
    waits: waitsOf(world),
    approvals: approvalsOf(world),
    clock: world.clock,
  };
  return lambda(world, { name: "ShowStatus", schema, whenTimeRunsOut: "answer" }, (input) =>
    showStatus(input, ports),
  );
};

export const handler = inLambda(createHandler);
