import { z } from "zod";
import { environmentIsSettled } from "./environment-is-settled.ts";
import { exists } from "./exists.ts";
import { isNewerThanCurrent } from "./is-newer-than-current.ts";
import { isNotOnHold } from "./is-not-on-hold.ts";
import { isOldEnough } from "./is-old-enough.ts";
import { runsOnPlatforms } from "./runs-on-platforms.ts";
import { scanIsClean } from "./scan-is-clean.ts";

/** Every rule, in the order of its findings. Decision, configuration schema, documentation and IAM actions derive from this table. */
export const rules = { exists, platforms: runsOnPlatforms, scan: scanIsClean, age: isOldEnough, order: isNewerThanCurrent, hold: isNotOnHold, settled: environmentIsSettled };

/** The part of an environment in promoter.yml: only rules that have something to set. */
export const rulesSchema = z.strictObject({
  scan: scanIsClean.options.describe(scanIsClean.description),
  platforms: runsOnPlatforms.options.describe(runsOnPlatforms.description),
  age: isOldEnough.options.describe(isOldEnough.description),
});

/** Normalised options; durations in milliseconds. */
export type RuleOptions = z.output<typeof rulesSchema>;

/** IAM actions on the member repositories that gathering the facts takes. */
export const ruleActions: readonly string[] = [...new Set(Object.values(rules).flatMap(({ actions }) => actions))].toSorted();
