import { z } from "zod";
import type { ReleaseRule } from "./rule.ts";

/** Always on: nobody builds on a cluster of which nobody knows what it runs. */
export const environmentIsSettled: ReleaseRule<true> = {
  name: "settled", subject: "release",
  description: "No promotion stopped half way here.",
  options: z.literal(true),
  facts: ["lock"],
  actions: [],
  check({ unsettled, environment }) {
    if (!unsettled) return { kind: "pass", reason: "the environment is in order" };
    return { kind: "refuse", reason: `${environment} is unsettled since ${unsettled.by}: ${unsettled.reason}; look at the cluster, then \`resume --settled\`` };
  },
};
