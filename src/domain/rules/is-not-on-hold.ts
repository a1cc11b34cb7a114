import * as z from "zod";
import { promoteCommand, resumeCommand } from "../command-line.ts";
import { formatTime } from "../format-time.ts";
import type { ReleaseFacts } from "./facts.ts";
import type { ReleaseRule } from "./rule.ts";

/**
 * Always on: after a rollback the environment does not take that set again by itself, and after it
 * went back nothing newer.
 */
export const isNotOnHold = {
  name: "hold",
  subject: "release",
  description:
    "The set was not rolled back here before, and the environment did not go back; a person may promote it anyway.",
  options: z.unknown(),
  check(facts) {
    const why = holdReason(facts);
    if (why === undefined) return { kind: "pass", reason: "not on hold" };
    if (facts.trigger === "person") {
      return { kind: "pass", reason: `${why}; a person requested it anyway` };
    }
    return {
      kind: "refuse",
      reason: `${why}; ${resumeCommand(facts)} lifts the hold; ${promoteCommand(facts)} overrides it`,
    };
  },
} as const satisfies ReleaseRule<unknown>;

function holdReason({ hold, pin, environment }: ReleaseFacts): string | undefined {
  if (hold) return `on hold since ${formatTime(hold.since)} by ${hold.by}: ${hold.reason}`;
  if (!pin) return undefined;
  return `${environment} stays at ${pin.version} since ${formatTime(pin.since)} by ${pin.by}: ${pin.reason}`;
}
