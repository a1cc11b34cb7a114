import { requestApproval } from "../src/promotion/request-approval.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { approvalsOf, promotionsOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations, promotions: promotionsOf(world), approvals: approvalsOf(world),
    messenger: messengerOf(world), clock: world.clock,
  };
  return step(world, { name: "RequestApproval", schema: stepSchema }, (input) => requestApproval(input, ports));
};

export const handler = inLambda(createHandler);
