import * as z from "zod";
import { reconcile } from "../src/promotion/events/reconcile.ts";
import { busOf } from "../src/runtime/bus.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import {
  approvalsOf,
  environmentsOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

const schema = z.unknown();

export const { createHandler, handler } = operationFunction(
  reconcile,
  { schema },
  {
    approvals: approvalsOf,
    bus: busOf,
    environments: environmentsOf,
    messenger: messengerOf,
    openWork: openWorkOf,
    promotions: promotionsOf,
    releases: releasesOf,
    trail: trailOf,
    waits: waitsOf,
    workflow: workflowOf,
  },
);
