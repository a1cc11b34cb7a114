import { z } from "zod";
import { normalisePlatform } from "../image/platform.ts";
import type { ImageRule } from "./rule.ts";

export const runsOnPlatforms: ImageRule<readonly string[]> = {
  name: "platforms", subject: "image",
  description: "Every image can run on all of these platforms (os/architecture[/variant]). An empty list asks for none.",
  options: z.array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, "must look like linux/amd64")).default([]),
  facts: ["image", "platforms"],
  actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
  check({ repository, state }, wanted) {
    if (state.kind !== "present") return { kind: "pass", reason: "not looked at" };
    const offered = state.images.map(({ platform }) => normalisePlatform(platform));
    const lacking = wanted.filter((platform) => !offered.includes(normalisePlatform(platform)));
    if (lacking.length === 0) return { kind: "pass", reason: `runs on ${offered.join(", ")}` };
    return { kind: "refuse", reason: `${repository} lacks ${lacking.join(", ")}; it runs on ${offered.join(", ") || "no platform"}: build it for all of them` };
  },
};
