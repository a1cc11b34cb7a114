import * as z from "zod";
import { restoreEnvironment } from "../src/promotion/operations/restore-environment.ts";
import { clustersOf } from "../src/runtime/clusters.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema, personSchema } from "../src/runtime/person-schema.ts";
import { environmentsOf, promotionsOf, trailOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.strictObject({
  application: nameSchema,
  environment: nameSchema,
  by: personSchema,
});

export const { createHandler, handler } = operationFunction(
  restoreEnvironment,
  { schema },
  {
    clusters: clustersOf,
    environments: environmentsOf,
    promotions: promotionsOf,
    trail: trailOf,
    waits: waitsOf,
    workflow: workflowOf,
  },
);
