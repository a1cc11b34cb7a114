import { onImagePush } from "../src/promotion/events/on-image-push.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import { pushEventSchema } from "../src/runtime/event-schemas.ts";
import {
  ignoredPushesOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  waitsOf,
} from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = eventFunction(
  onImagePush,
  {
    schema: pushEventSchema,
    about: ({ repository, tag, digest }) => ({ repository, tag, digest }),
  },
  {
    ignoredPushes: ignoredPushesOf,
    openWork: openWorkOf,
    promotions: promotionsOf,
    releases: releasesOf,
    waits: waitsOf,
    workflow: workflowOf,
  },
);
