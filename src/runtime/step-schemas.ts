import * as z from "zod";
import { promotionIdSchema } from "./promotion-id-schema.ts";

/**
 * What the state machine sends. Another version of it may be at work for days, so what a schema
 * does not know is ignored.
 */
export const stepSchema = z.object({ promotion: promotionIdSchema, visit: z.string() });

/** What a Catch hands on. */
export const failureSchema = z.object({
  state: z.string(),
  error: z.string(),
  message: z.string(),
});
