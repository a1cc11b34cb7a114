import * as z from "zod";
import { formatDuration, parseDuration } from "../duration.ts";

/** A duration in promoter.yml of at most `max` milliseconds, as milliseconds. */
export function durationOption(max: number): z.ZodType<number, string> {
  return z
    .string()
    .meta({ pattern: "^(\\d+(ms|s|m|h|d))+$", examples: ["90s", "2m", "1h30m", "7d"] })
    .transform((text, context) => {
      const duration = parseDuration(text);
      if (duration !== undefined && duration <= max) return duration;
      const written = JSON.stringify(text);
      const { message, remedy } =
        duration === undefined
          ? {
              message: `${written} is not a valid duration`,
              remedy: "write it as 90s, 2m, 1h30m or 7d",
            }
          : { message: `${written} is too long`, remedy: `write at most ${formatDuration(max)}` };
      context.issues.push({ code: "custom", message, params: { remedy }, input: text });
      return z.NEVER;
    });
}
