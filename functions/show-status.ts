import * as z from "zod";
import { showStatus } from "../src/promotion/operations/show-status.ts";
import { operationFunction } from "../src/runtime/operation-function.ts";
import { nameSchema } from "../src/runtime/person-schema.ts";
import {
  approvalsOf,
  environmentsOf,
  ignoredPushesOf,
  openWorkOf,
  promotionsOf,
  releasesOf,
  waitsOf,
} from "../src/runtime/state.ts";

const schema = z.strictObject({ application: nameSchema.optional() });

export const { createHandler, handler } = operationFunction(
  showStatus,
  { schema, whenTimeRunsOut: "answer" },
  {
    approvals: approvalsOf,
    environments: environmentsOf,
    ignoredPushes: ignoredPushesOf,
    openWork: openWorkOf,
    promotions: promotionsOf,
    releases: releasesOf,
    waits: waitsOf,
  },
);
