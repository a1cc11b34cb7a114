import * as z from "zod";
import { reconcile } from "../src/promotion/events/reconcile.ts";
import { busOf } from "../src/runtime/bus.ts";
import { sha256 } from "../src/runtime/hash.ts";
import { lambda, type LambdaHandler } from "../src/runtime/lambda.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { inLambda } from "../src/runtime/real-world.ts";
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
import type { World } from "../src/runtime/world.ts";

const schema = z.unknown();

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    environments: environmentsOf(world),
    releases: releasesOf(world),
    waits: waitsOf(world),
    trail: trailOf(world),
    approvals: approvalsOf(world),
    openWork: openWorkOf(world),
    workflow: workflowOf(world),
    messenger: messengerOf(world),
    bus: busOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return lambda(world, { name: "Reconcile", schema }, () => reconcile(ports));
};

export const handler = inLambda(createHandler);
