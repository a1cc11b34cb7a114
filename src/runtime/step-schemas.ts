import * as z from "zod";
import { promotionIdSchema } from "./promotion-id-schema.ts";

/**
 * What the state machine sends. Another version of it may be running for days, so unknown keys are
 * ignored.
 */
export const stepSchema = z.object({ promotion: promotionIdSchema, visit: z.string() });

/** What a Catch hands on. */
export const failureSchema = z.object({
  state: z.string(),
  error: z.string(),
  message: z.string(),
});
