import * as z from "zod";
import { shortDigest } from "../image/digest.ts";
import type { ImageRule } from "./rule.ts";

/** Always on: what cannot be pulled is never promoted. */
export const exists = {
  name: "exists",
  subject: "image",
  description: "The digest is in the repository with all that it needs: children, config and layers.",
  options: z.unknown(),
  facts: ["image"],
  actions: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:BatchCheckLayerAvailability"],
  check({ repository, digest, state }) {
    const image = `${repository}@${digest}`;
    switch (state.kind) {
      case "missing":
        return { kind: "refuse", reason: `${image} is not in the registry; push it again` };
      case "archived":
        return { kind: "refuse", reason: `${image} is archived and cannot be pulled; restore it in ECR (up to 20 minutes), then try again` };
      case "incomplete":
        return { kind: "refuse", reason: `${image} cannot be pulled: ${state.missing.join(", ")} missing; push it again under a new version` };
      case "present":
        return state.images.length === 0
          ? { kind: "refuse", reason: `${image} holds nothing that a node can run: it is an artifact, or an index without images` }
          : { kind: "pass", reason: `${repository} ${shortDigest(digest)} is there` };
      default:
        return state satisfies never;
    }
  },
} as const satisfies ImageRule<unknown>;
