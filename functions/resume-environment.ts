import * as z from "zod";
import { resumeEnvironment } from "../src/promotion/operations/resume-environment.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { environmentsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  by: personSchema,
  settled: z.boolean(),
});

export const { createHandler, handler } = operationFunction(
  resumeEnvironment,
  { schema },
  { environments: environmentsOf, trail: trailOf, waits: waitsOf, workflow: workflowOf },
);
