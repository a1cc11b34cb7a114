import { enterEnvironment } from "../src/promotion/steps/enter-environment.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import {
  approvalsOf,
  environmentsOf,
  promotionsOf,
  releasesOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    releases: releasesOf(world),
    waits: waitsOf(world),
    trail: trailOf(world),
    approvals: approvalsOf(world),
    workflow: workflowOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return step(world, { name: "EnterEnvironment", schema: stepSchema }, (input) =>
    enterEnvironment(input, ports),
  );
};

export const handler = inLambda(createHandler);
