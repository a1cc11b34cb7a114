import { announce } from "../src/promotion/steps/announce.ts";
import { busOf } from "../src/runtime/bus.ts";
import { messengerOf } from "../src/runtime/messenger.ts";
import { approvalsOf, openWorkOf, promotionsOf, trailOf } from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(announce, stepSchema, {
  approvals: approvalsOf,
  bus: busOf,
  messenger: messengerOf,
  openWork: openWorkOf,
  promotions: promotionsOf,
  trail: trailOf,
});
