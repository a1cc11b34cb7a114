import { formatDuration } from "../duration.ts";
import { formatTime } from "../format-time.ts";
import { maxWaits } from "../max-waits.ts";
import { memberName } from "../release.ts";
import { durationOption } from "./duration-option.ts";
import type { ImageRule } from "./rule.ts";

/** The time passes by itself: only a clock that stands still could reach this deadline. */
const grace = 15 * 60_000;

export const isOldEnough = {
  name: "age",
  subject: "image",
  description: "Every image was pushed at least this long ago.",
  options: durationOption(maxWaits.age).prefault("0s"),
  isOn: (age: number) => age > 0,
  check({ state, ...image }, age, { now }) {
    const member = memberName(image);
    if (state.kind !== "present" && state.kind !== "artifact") {
      return { kind: "refuse", reason: `${member} was never pushed` };
    }
    const ready = state.pushedAt + age;
    if (now >= ready) {
      return { kind: "pass", reason: `${member} was pushed at ${formatTime(state.pushedAt)}` };
    }
    const reason = `${member} must be ${formatDuration(age)} old, which it will be at ${formatTime(ready)}`;
    return { kind: "wait", reason, until: ready, deadline: ready + grace };
  },
} as const satisfies ImageRule<number>;
