import { decideApproval } from "../src/promotion/steps/decide-approval.ts";
import { approvalsOf, promotionsOf, releasesOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(decideApproval, stepSchema, {
  approvals: approvalsOf,
  promotions: promotionsOf,
  releases: releasesOf,
  trail: trailOf,
});
