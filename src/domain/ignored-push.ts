import { cutOff } from "./bounded.ts";
import { printable } from "./printable.ts";

/** A push to the repository of a member that was ignored, at least in part, and why. */
export interface IgnoredPush {
  readonly repository: string;
  readonly tag: string;
  /** When it was pushed, by the registry's clock (epoch milliseconds). */
  readonly at: number;
  readonly reason: string;
  /** Some environment took it, and another did not. */
  readonly isPartly?: true;
}

/** At most this many are kept per application, and none for longer than this (milliseconds). */
const maxPushes = 20;
export const ignoredPushRetention = 24 * 60 * 60_000;

const maxTagLength = 128;
const maxReasonLength = 400;

/** With one added, newest first. Whatever is pushed under one tag again and again takes one place. */
export function addIgnoredPush(
  kept: readonly IgnoredPush[],
  push: IgnoredPush,
): readonly IgnoredPush[] {
  const one = {
    ...push,
    tag: bounded(push.tag, maxTagLength),
    reason: bounded(push.reason, maxReasonLength),
  };
  const others = kept.filter(
    ({ repository, tag, at }) =>
      (repository !== one.repository || tag !== one.tag) && at > one.at - ignoredPushRetention,
  );
  return [one, ...others].toSorted((left, right) => right.at - left.at).slice(0, maxPushes);
}

function bounded(text: string, maxLength: number): string {
  return printable(cutOff(text, maxLength)).toWellFormed();
}
