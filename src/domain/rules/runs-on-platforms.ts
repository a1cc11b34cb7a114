import * as z from "zod";
import { imageFor } from "../image/image-tree.ts";
import { normalisePlatform, parsePlatform } from "../image/platform.ts";
import { memberName } from "../release.ts";
import type { ImageRule } from "./rule.ts";

const platformOption = z
  .string()
  .meta({ pattern: "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?$" })
  .transform((text, context) => {
    const found = parsePlatform(text);
    if (found !== undefined) return found;
    context.issues.push({
      code: "custom",
      message: `${JSON.stringify(text)} is not a valid platform`,
      params: { remedy: "write it as linux/amd64 or linux/arm/v7" },
      input: text,
    });
    return z.NEVER;
  });

export const runsOnPlatforms = {
  name: "platforms",
  subject: "image",
  description:
    "Nodes of each of these platforms (os/architecture[/variant]) can run every image. An empty list requires none.",
  options: z.array(platformOption).readonly().prefault([]),
  isOn: (wanted: readonly string[]) => wanted.length > 0,
  check({ state, ...image }, wanted) {
    const member = memberName(image);
    if (wanted.length === 0) {
      return { kind: "pass", reason: `${member}: no platform is required` };
    }
    if (state.kind !== "present") {
      return { kind: "refuse", reason: `${member} runs on no platform` };
    }
    const offered = [
      ...new Set(state.images.map(({ platform }) => platform || "an unknown platform")),
    ];
    const lacking = wanted.filter(
      (one) => imageFor(state.tree, normalisePlatform(one)) === undefined,
    );
    const runsOn = `${member} runs on ${offered.join(", ") || "no platform"}`;
    if (lacking.length === 0) return { kind: "pass", reason: runsOn };
    return {
      kind: "refuse",
      reason: `${runsOn}, not on ${lacking.join(", ")}: build it for all of them`,
    };
  },
} as const satisfies ImageRule<readonly string[]>;
