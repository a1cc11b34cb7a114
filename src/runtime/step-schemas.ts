import * as z from "zod";
import { promotionIdSchema } from "./promotion-id-schema.ts";

/**
 * What the state machine sends. Another version of it may be running for days, so unknown keys are
 * ignored.
 */
export const stepSchema = z.object({ promotion: promotionIdSchema, visit: z.string() });

/** An execution of before there was `ObserveRelease` does not say that it can go there. */
export const checkRolloutSchema = stepSchema.extend({ observes: z.boolean().optional() });

/** What a Catch hands on. */
export const failureSchema = z.object({
  state: z.string(),
  error: z.string(),
  message: z.string(),
});
