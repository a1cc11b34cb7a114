import { decideApproval } from "../src/promotion/steps/decide-approval.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { approvalsOf, promotionsOf, releasesOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    approvals: approvalsOf(world),
    releases: releasesOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return step(world, { name: "DecideApproval", schema: stepSchema }, (input) =>
    decideApproval(input, ports),
  );
};

export const handler = inLambda(createHandler);
