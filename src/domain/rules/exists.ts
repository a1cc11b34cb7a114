import * as z from "zod";
import { abbreviateList } from "../abbreviate-list.ts";
import { shortDigest } from "../image/digest.ts";
import { memberName } from "../release.ts";
import type { ImageFacts } from "./facts.ts";
import type { ImageRule } from "./rule.ts";

/** Always on: what cannot be pulled is never promoted. */
export const exists = {
  name: "exists",
  subject: "image",
  description:
    "The digest exists in the repository with its children, config and layers, " +
    "and everything that a node could choose from it can be judged.",
  options: z.unknown(),
  check({ state, ...image }) {
    const { repository, digest } = image;
    const address = `${repository}@${digest}`;
    switch (state.kind) {
      case "missing":
        return { kind: "refuse", reason: `${address} is not in the registry; push it again` };
      case "archived":
        return {
          kind: "refuse",
          reason: `${address} is archived and cannot be pulled; restore it in ECR (up to 20 minutes), then try again`,
        };
      case "incomplete":
        return { kind: "refuse", reason: `${address} ${describeIncomplete(state)}` };
      case "unjudgeable":
        return {
          kind: "refuse",
          reason: `${address} cannot be judged: ${state.fault}; build it without that and push it under a new version`,
        };
      case "artifact":
        return {
          kind: "pass",
          reason: `${repository} ${shortDigest(digest)} exists, with objects instead of an image`,
        };
      case "present":
        return state.images.length === 0
          ? {
              kind: "refuse",
              reason: `${address} holds nothing that a node can run: it is an artifact, or an index without images`,
            }
          : { kind: "pass", reason: `${memberName(image)} ${shortDigest(digest)} exists` };
      default:
        return state satisfies never;
    }
  },
} as const satisfies ImageRule<unknown>;

/** An image may have thousands of layers. */
const maxNamed = 10;

function describeIncomplete({
  missing,
  elsewhere,
}: Extract<ImageFacts["state"], { kind: "incomplete" }>): string {
  if (missing.length > 0) {
    return `cannot be pulled: ${abbreviateList(missing, maxNamed)} missing; push it again under a new version`;
  }
  const remedy =
    "push it together with them (docker: `allow-nondistributable-artifacts`), or build it on a base without them";
  const layers = abbreviateList(elsewhere, maxNamed);
  return `cannot be judged: nodes would fetch ${layers} from elsewhere, where no scanner sees it; ${remedy}`;
}
