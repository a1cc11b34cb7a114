import { z } from "zod";
import type { ReleaseRule } from "./rule.ts";

/** Always on: after a rollback the environment does not take that set again by itself. */
export const isNotOnHold: ReleaseRule<true> = {
  name: "hold", subject: "release",
  description: "The set was not rolled back here before; a person may promote it all the same.",
  options: z.literal(true),
  facts: ["hold"],
  actions: [],
  check({ hold, trigger }) {
    if (!hold) return { kind: "pass", reason: "not on hold" };
    const why = `on hold since ${new Date(hold.since).toISOString()} by ${hold.by}: ${hold.reason}`;
    return trigger === "person" ? { kind: "pass", reason: `${why}; a person asked for it all the same` } : { kind: "refuse", reason: `${why}; \`resume\` lifts the hold` };
  },
};
