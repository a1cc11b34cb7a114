import { z } from "zod";
import { shortDigest } from "../image/digest.ts";
import type { ImageRule } from "./rule.ts";

/** Always on: what cannot be pulled is never promoted. */
export const exists: ImageRule<true> = {
  name: "exists", subject: "image",
  description: "The digest is in the repository with all that it needs: children, config and layers.",
  options: z.literal(true),
  facts: ["image"],
  actions: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:BatchCheckLayerAvailability"],
  check({ repository, digest, state }) {
    switch (state.kind) {
      case "present": return { kind: "pass", reason: `${shortDigest(digest)} is there` };
      case "missing": return { kind: "refuse", reason: `${repository}@${digest} is not in the registry; push it again` };
      case "archived": return { kind: "refuse", reason: `${repository}@${digest} is archived and cannot be pulled; restore it first` };
      case "incomplete": return { kind: "refuse", reason: `${repository}@${digest} cannot be pulled: ${state.missing.join(", ")} missing; push it again under a new version` };
      default: return state satisfies never;
    }
  },
};
