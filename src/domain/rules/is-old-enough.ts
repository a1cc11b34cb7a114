import { z } from "zod";
import { formatDuration, parseDuration } from "../duration.ts";
import type { ImageRule } from "./rule.ts";

export const isOldEnough: ImageRule<number> = {
  name: "age", subject: "image",
  description: "Every image was pushed at least this long ago.",
  options: z.string().default("0s").transform((text, context) => parseDuration(text) ?? (context.addIssue({ code: "custom", message: "must be a duration such as 2h" }), z.NEVER)),
  facts: ["image", "age"],
  actions: ["ecr:DescribeImages"],
  check({ repository, state }, age, { now }) {
    if (state.kind !== "present") return { kind: "pass", reason: "not looked at" };
    const ready = state.pushedAt + age;
    if (now >= ready) return { kind: "pass", reason: `pushed ${formatDuration(Math.max(0, now - state.pushedAt))} ago` };
    return { kind: "wait", reason: `${repository} must be ${formatDuration(age)} old, it is ready in ${formatDuration(ready - now)}`, until: ready, deadline: ready + 60_000 };
  },
};
