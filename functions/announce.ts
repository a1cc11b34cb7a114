import { announce } from "../src/promotion/steps/announce.ts";
import { busOf } from "../src/runtime/bus.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import { approvalsOf, openWorkOf, promotionsOf } from "../src/runtime/state.ts";
import { step, stepSchema } from "../src/runtime/step.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    approvals: approvalsOf(world),
    openWork: openWorkOf(world),
    messenger: messengerOf(world),
    bus: busOf(world),
    clock: world.clock,
  };
  return step(world, { name: "Announce", schema: stepSchema }, (input) => announce(input, ports));
};

export const handler = inLambda(createHandler);
