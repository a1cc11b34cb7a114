import { onImagePush } from "../src/promotion/events/on-image-push.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import { pushEventSchema } from "../src/runtime/event-schemas.ts";
import { sha256 } from "../src/runtime/hash.ts";
import type { LambdaHandler } from "../src/runtime/lambda.ts";
import { inLambda } from "../src/runtime/real-world.ts";
import {
  ignoredPushesOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";
import type { World } from "../src/runtime/world.ts";

export const createHandler = (world: World): LambdaHandler => {
  const ports = {
    configurations: world.configurations,
    promotions: promotionsOf(world),
    releases: releasesOf(world),
    openWork: openWorkOf(world),
    ignoredPushes: ignoredPushesOf(world),
    workflow: workflowOf(world),
    waits: waitsOf(world),
    clock: world.clock,
    hash: sha256,
  };
  return eventFunction(
    world,
    {
      name: "OnImagePush",
      schema: pushEventSchema,
      about: ({ repository, tag, digest }) => ({ repository, tag, digest }),
    },
    (input) => onImagePush(input, ports),
  );
};

export const handler = inLambda(createHandler);
