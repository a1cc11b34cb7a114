import { formatDuration } from "../src/domain/duration.ts";

/** Until then (epoch milliseconds), in whole seconds. */
export function timeLeft(until: number): string {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  return seconds > 0 ? formatDuration(seconds * 1000) : "none";
}
