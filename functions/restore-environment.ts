import * as z from "zod";
import { restoreEnvironment } from "../src/promotion/operations/restore-environment.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  by: personSchema,
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    clusters: clustersOf(world),
    waits: waitsOf(world),
    workflow: workflowOf(world),
    trail: trailOf(world),
    clock: world.clock,
  };
  return lambda(world, { name: "RestoreEnvironment", schema }, (input, running) =>
    restoreEnvironment({ ...input, ...running }, ports),
  );
};

export const handler = inLambda(createHandler);
