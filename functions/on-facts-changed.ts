import { onFactsChanged } from "../src/promotion/events/on-facts-changed.ts";
import { eventFunction } from "../src/runtime/event-function.ts";
import { factsEventSchema } from "../src/runtime/event-schemas.ts";
import { openWorkOf, promotionsOf, waitsOf } from "../src/runtime/state.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = eventFunction(
  onFactsChanged,
  { schema: factsEventSchema, about: ({ repository }) => ({ repository }) },
  { openWork: openWorkOf, promotions: promotionsOf, waits: waitsOf, workflow: workflowOf },
);
