import * as z from "zod";
import { resumeCommand } from "../command-line.ts";
import type { ReleaseRule } from "./rule.ts";

/** Always on: nobody builds on a cluster of which nobody knows what it runs. */
export const environmentIsSettled = {
  name: "settled",
  subject: "release",
  description: "No promotion stopped half way here.",
  options: z.unknown(),
  facts: ["lock"],
  actions: [],
  check({ unsettled, application, environment }) {
    if (!unsettled) return { kind: "pass", reason: `${environment} is in order` };
    const what = `${environment} is unsettled by ${unsettled.by}: ${unsettled.reason}`;
    return {
      kind: "refuse",
      reason: `${what}; look at the cluster, then ${resumeCommand({ application, environment }, "--settled")} or ${resumeCommand({ application, environment }, "--roll-back")}`,
    };
  },
} as const satisfies ReleaseRule<unknown>;
