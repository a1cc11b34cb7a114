import * as z from "zod";
import { resumeEnvironment } from "../src/promotion/operations/resume-environment.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { environmentsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  by: personSchema,
  settled: z.boolean(),
});

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    environments: environmentsOf(world),
    waits: waitsOf(world),
    workflow: workflowOf(world),
    trail: trailOf(world),
    clock: world.clock,
  };
  return lambda(world, { name: "ResumeEnvironment", schema }, (input) =>
    resumeEnvironment(input, ports),
  );
};

export const handler = inLambda(createHandler);
