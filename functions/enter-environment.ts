import { enterEnvironment } from "../src/promotion/steps/enter-environment.ts";
import {
  approvalsOf,
  environmentsOf,
  promotionsOf,
  releasesOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = stepFunction(enterEnvironment, stepSchema, {
  approvals: approvalsOf,
  environments: environmentsOf,
  promotions: promotionsOf,
  releases: releasesOf,
  trail: trailOf,
  waits: waitsOf,
  workflow: workflowOf,
});
