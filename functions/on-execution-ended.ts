import * as z from "zod";
import { onExecutionEnded } from "../src/promotion/events/on-execution-ended.ts";
import { busOf } from "../src/runtime/bus.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { promotionIdSchema } from "../src/runtime/promotion-id-schema.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import {
  approvalsOf,
  environmentsOf,
  openWorkOf,
  promotionsOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

const schema = z
  .object({ detail: z.object({ name: promotionIdSchema }) })
  .transform(({ detail }) => ({ promotion: detail.name }));

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    waits: waitsOf(world),
    trail: trailOf(world),
    approvals: approvalsOf(world),
    openWork: openWorkOf(world),
    workflow: workflowOf(world),
    messenger: messengerOf(world),
    bus: busOf(world),
    clock: world.clock,
  };
  return eventFunction(
    world,
    { name: "OnExecutionEnded", schema, about: ({ promotion }) => ({ promotion }) },
    (input) => onExecutionEnded(input, ports),
  );
};

export const handler = inLambda(createHandler);
