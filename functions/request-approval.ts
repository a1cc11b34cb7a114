import { requestApproval } from "../src/promotion/steps/request-approval.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { approvalsOf, promotionsOf, releasesOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(requestApproval, stepSchema, {
  approvals: approvalsOf,
  messenger: messengerOf,
  promotions: promotionsOf,
  releases: releasesOf,
  trail: trailOf,
});
