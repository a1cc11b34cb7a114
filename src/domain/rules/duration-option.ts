import * as z from "zod";
import { formatDuration, parseDuration } from "../duration.ts";

/**
 * Who waits looks again every quarter of an hour, and an execution may have 25,000 events (developer guide of Step Functions, "Quotas"):
 * enough for some 20 days.
 */
const longest = 14 * 24 * 60 * 60_000;

/** A duration in promoter.yml that promotions may wait for, as milliseconds. */
export function durationOption(): z.ZodType<number, string> {
  return z.string().meta({ pattern: "^(\\d+(ms|s|m|h|d))+$" }).transform((text, context) => {
    const duration = parseDuration(text);
    if (duration !== undefined && duration <= longest) return duration;
    const [what, remedy] = duration === undefined ? ["no duration", "write it as 90s, 2m, 1h30m or 7d"] : ["too long", `write at most ${formatDuration(longest)}`];
    context.issues.push({ code: "custom", message: `${JSON.stringify(text)} is ${what}`, params: { remedy }, input: text });
    return z.NEVER;
  });
}
