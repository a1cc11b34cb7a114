import { beginWriting } from "../src/promotion/steps/begin-writing.ts";
import {
  approvalsOf,
  environmentsOf,
  promotionsOf,
  releasesOf,
  trailOf,
} from "../src/runtime/state.ts";
import { stepFunction } from "../src/runtime/step-function.ts";
import { stepSchema } from "../src/runtime/step-schemas.ts";

export const { createHandler, handler } = stepFunction(beginWriting, stepSchema, {
  approvals: approvalsOf,
  environments: environmentsOf,
  promotions: promotionsOf,
  releases: releasesOf,
  trail: trailOf,
});
