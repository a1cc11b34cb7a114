import * as z from "zod";
import { describeUnsettled } from "../describe-unsettled.ts";
import type { ReleaseRule } from "./rule.ts";

/** Always on: nothing is deployed to a cluster whose state is unknown. */
export const environmentIsSettled = {
  name: "settled",
  subject: "release",
  description: "No promotion stopped midway here.",
  options: z.unknown(),
  check({ unsettled, application, environment }) {
    if (!unsettled) return { kind: "pass", reason: `${environment} is in order` };
    return { kind: "refuse", reason: describeUnsettled({ application, environment }, unsettled) };
  },
} as const satisfies ReleaseRule<unknown>;
