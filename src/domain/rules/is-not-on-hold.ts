import * as z from "zod";
import { promoteCommand, resumeCommand } from "../command-line.ts";
import { formatTime } from "../format-time.ts";
import type { ReleaseRule } from "./rule.ts";

/** Always on: after a rollback the environment does not take that set again by itself. */
export const isNotOnHold = {
  name: "hold",
  subject: "release",
  description: "The set was not rolled back here before; a person may promote it anyway.",
  options: z.unknown(),
  check(facts) {
    const { hold, trigger } = facts;
    if (!hold) return { kind: "pass", reason: "not on hold" };
    const why = `on hold since ${formatTime(hold.since)} by ${hold.by}: ${hold.reason}`;
    if (trigger === "person") {
      return { kind: "pass", reason: `${why}; a person requested it anyway` };
    }
    return {
      kind: "refuse",
      reason: `${why}; ${resumeCommand(facts)} lifts the hold; ${promoteCommand(facts)} overrides it`,
    };
  },
} as const satisfies ReleaseRule<unknown>;
