import * as z from "zod";
import { onExecutionEnded } from "../src/promotion/events/on-execution-ended.ts";
import { busOf } from "../src/runtime/bus.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { promotionIdSchema } from "../src/runtime/promotion-id-schema.ts";
import {
  approvalsOf,
  environmentsOf,
  openWorkOf,
  promotionsOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z
  .object({ detail: z.object({ name: promotionIdSchema }) })
  .transform(({ detail }) => ({ promotion: detail.name }));

export const { createHandler, handler } = eventFunction(
  onExecutionEnded,
  { schema, about: ({ promotion }) => ({ promotion }) },
  {
    approvals: approvalsOf,
    bus: busOf,
    environments: environmentsOf,
    messenger: messengerOf,
    openWork: openWorkOf,
    promotions: promotionsOf,
    trail: trailOf,
    waits: waitsOf,
    workflow: workflowOf,
  },
);
