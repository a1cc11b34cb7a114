import * as z from "zod";
import { printable } from "../domain/printable.ts";

/** Who says something, or why: kept in the record and shown to others. */
export const personSchema = z.string().transform(printable);
