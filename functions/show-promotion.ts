import * as z from "zod";
import { showPromotion } from "../src/promotion/operations/show-promotion.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import {
  approvalsOf,
  environmentsOf,
  promotionsOf,
  releasesOf,
  trailOf,
  waitsOf,
} from "../src/runtime/state.ts";

const schema = z.strictObject({ promotion: nameSchema });

export const { createHandler, handler } = operationFunction(
  showPromotion,
  { schema, whenTimeRunsOut: "answer" },
  {
    approvals: approvalsOf,
    environments: environmentsOf,
    promotions: promotionsOf,
    releases: releasesOf,
    trail: trailOf,
    waits: waitsOf,
  },
);
