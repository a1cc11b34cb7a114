import * as z from "zod";
import type { ReleaseRule } from "./rule.ts";

/**
 * Always on, whoever starts it: `versions` of the source and of the environment, which stand beside
 * the rules in promoter.yml.
 */
export const isAllowed = {
  name: "versions",
  subject: "release",
  description: "promoter.yml accepts the version, for the application and in this environment.",
  options: z.unknown(),
  check({ application, environment, version, versionRefusal }) {
    if (versionRefusal === undefined) {
      return { kind: "pass", reason: `${environment} accepts ${version}` };
    }
    return {
      kind: "refuse",
      reason:
        `${versionRefusal}; promote another version, ` +
        `or change \`versions\` of ${application} in promoter.yml and deploy it`,
    };
  },
} as const satisfies ReleaseRule<unknown>;
