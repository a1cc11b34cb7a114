import { decideApproval } from "../src/promotion/steps/decide-approval.ts";
import { approvalsOf, promotionsOf, releasesOf, trailOf } from "../src/runtime/state.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";
import { stepFunction } from "../src/runtime/task-function.ts";

export const { createHandler, handler } = stepFunction(decideApproval, stepSchema, {
  approvals: approvalsOf,
  promotions: promotionsOf,
  releases: releasesOf,
  trail: trailOf,
});
