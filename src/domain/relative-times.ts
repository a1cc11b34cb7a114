import { formatDuration } from "./duration.ts";

/** What `formatTime` writes. */
const instant = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g;

/**
 * A text of a record for people: every instant in it followed by its distance from `now` (epoch
 * milliseconds). Records hold instants alone, because a distance is wrong as soon as time goes on.
 */
export function addRelativeTimes(text: string, now: number): string {
  return text.replace(
    instant,
    (found) =>
      `${found} (${relativeTime(Date.parse(found.replace(" UTC", "Z").replace(" ", "T")), now)})`,
  );
}

function relativeTime(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  if (seconds === 0) return "now";
  return seconds > 0
    ? `in ${formatDuration(seconds * 1000)}`
    : `${formatDuration(-seconds * 1000)} ago`;
}
