import * as z from "zod";
import { stepSchema } from "./step-schemas.ts";

/**
 * What the state machine sends to a step that writes; in its own file, so that no other bundle
 * contains it.
 */
export const writingSchema = stepSchema.extend({ redrives: z.number().int() });
