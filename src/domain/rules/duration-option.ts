import * as z from "zod";
import { parseDuration } from "../duration.ts";

/** A duration in promoter.yml, as milliseconds. */
export function durationOption(): z.ZodType<number, string> {
  return z.string().meta({ pattern: "^(\\d+(ms|s|m|h|d))+$" }).transform((text, context) => {
    const duration = parseDuration(text);
    if (duration !== undefined) return duration;
    context.issues.push({ code: "custom", message: `${JSON.stringify(text)} is no duration`, params: { remedy: "write it as 90s, 2m, 1h30m or 7d" }, input: text });
    return z.NEVER;
  });
}
