import * as z from "zod";
import { stepSchema } from "./step-schemas.ts";

/** What the state machine sends to a step that writes; apart, so that no other one carries it. */
export const writingSchema = stepSchema.extend({ redrives: z.number().int() });
