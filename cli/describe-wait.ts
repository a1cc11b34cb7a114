import { formatTime } from "../src/domain/format-time.ts";
import type { OpenStatus } from "../src/promotion/operations/show-status.ts";
import { describeTimes } from "./describe-times.ts";

type WaitsFor = NonNullable<OpenStatus["waitsFor"]>;

/** What an open promotion waits for, and until when. */
export function describeWait({ what, kind, until }: WaitsFor): string {
  return describeTimes(
    `waits for ${what}, ${kind === "facts" ? "polls again by" : "until"} ${formatTime(until)}`,
  );
}
