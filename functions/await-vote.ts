import { awaitVote } from "../src/promotion/steps/await-vote.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { approvalsOf, promotionsOf, releasesOf, waitsOf } from "../src/runtime/state.ts";
import { awaiting } from "../src/runtime/step.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    waits: waitsOf(world),
    approvals: approvalsOf(world),
    workflow: workflowOf(world),
    releases: releasesOf(world),
    clock: world.clock,
  };
  return awaiting(world, "AwaitVote", (input) => awaitVote(input, ports));
};

export const handler = inLambda(createHandler);
