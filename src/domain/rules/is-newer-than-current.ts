import { z } from "zod";
import { compareVersions } from "../version-order.ts";
import type { ReleaseFacts } from "./facts.ts";
import type { ReleaseRule } from "./rule.ts";

/** Always on: the promoter never goes backwards, and what is final stays what it is. */
export const isNewerThanCurrent: ReleaseRule<true> = {
  name: "order", subject: "release",
  description: "The version is not older than what runs, and its digests are the ones that were promoted under this version before.",
  options: z.literal(true),
  facts: ["current"],
  actions: [],
  check(facts) {
    const { version, set, current, final } = facts;
    if (final !== undefined && final !== set) return { kind: "refuse", reason: `${version} was promoted with the digests ${final.slice(0, 12)} and is ${set.slice(0, 12)} now: give the rebuilt images a new version` };
    if (!current) return { kind: "pass", reason: "nothing runs yet" };
    if (current.set === set) return { kind: "pass", reason: `${current.version} runs already` };
    if (isOlder(facts, current)) return { kind: "refuse", reason: `${current.version} runs, and ${version} is older: to go back, push the old images under a new version` };
    return { kind: "pass", reason: `follows ${current.version}` };
  },
};

function isOlder({ order, version, pushedAt }: ReleaseFacts, current: NonNullable<ReleaseFacts["current"]>): boolean {
  return order === "pushed" ? pushedAt < current.pushedAt : compareVersions(order, version, current.version) < 0;
}
