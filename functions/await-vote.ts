import { awaitVote } from "../src/promotion/steps/await-vote.ts";
import { approvalsOf, promotionsOf, releasesOf, waitsOf } from "../src/runtime/state.ts";
import { waitFunction } from "../src/runtime/wait-function.ts";
import { workflowOf } from "../src/runtime/workflow.ts";

export const { createHandler, handler } = waitFunction(awaitVote, {
  approvals: approvalsOf,
  promotions: promotionsOf,
  releases: releasesOf,
  waits: waitsOf,
  workflow: workflowOf,
});
