import * as z from "zod";
import { cutOff } from "../domain/bounded.ts";
import { printable } from "../domain/printable.ts";
import { maxInputText } from "../domain/workflow-request.ts";

/** A person or their reason: kept in the record and shown to others. */
export const personSchema = z.string().transform((text) => cutOff(printable(text), maxInputText));

/** A name of an application, an environment or a promotion: it becomes a key of the table. */
export const nameSchema = z.string().min(1).max(maxInputText);
