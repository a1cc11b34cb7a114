import * as z from "zod";
import { environmentIsSettled } from "./environment-is-settled.ts";
import { exists } from "./exists.ts";
import { isAllowed } from "./is-allowed.ts";
import { isNewerThanCurrent } from "./is-newer-than-current.ts";
import { isNotOnHold } from "./is-not-on-hold.ts";
import { isOldEnough } from "./is-old-enough.ts";
import type { FactName, Rule } from "./rule.ts";
import { runsOnPlatforms } from "./runs-on-platforms.ts";
import { scanIsClean } from "./scan-is-clean.ts";

/** The rules that have something to set, by their key in promoter.yml. */
const configurable = {
  platforms: runsOnPlatforms,
  scan: scanIsClean,
  age: isOldEnough,
} as const satisfies Record<string, Pick<Required<Rule<never>>, "isOn">>;

/**
 * Every rule, in the order of its findings. Decision, configuration schema, documentation and IAM
 * actions derive from this table.
 */
export const rules: readonly Rule<unknown>[] = [
  exists,
  ...Object.values(configurable),
  isAllowed,
  isNewerThanCurrent,
  isNotOnHold,
  environmentIsSettled,
];

/** `rules` of an environment in promoter.yml. */
export const rulesSchema = z.strictObject(optionSchemas());

/** Normalised options; durations in milliseconds. */
export type RuleOptions = z.output<typeof rulesSchema>;

/** What the rules read that are on under these options. */
export function factsNeeded(options: RuleOptions): readonly FactName[] {
  return union(activeRules(options).map(({ facts }) => facts));
}

/** IAM actions that these options take; those of ECR on the member repositories. */
export function actionsNeeded(options: RuleOptions): readonly string[] {
  return union(activeRules(options).map(({ actions }) => actions));
}

function activeRules(options: RuleOptions): readonly Rule<unknown>[] {
  return rules.filter((rule) => rule.isOn?.(optionsOf(rule, options)) ?? true);
}

/** undefined for a rule without a key in promoter.yml. */
export function optionsOf({ name }: Rule<unknown>, options: RuleOptions): unknown {
  return new Map<string, unknown>(Object.entries(options)).get(name);
}

function union<T extends string>(lists: readonly (readonly T[])[]): readonly T[] {
  return [...new Set(lists.flat())].toSorted();
}

type Configurable = typeof configurable;
type OptionSchemas = { readonly [Name in keyof Configurable]: Configurable[Name]["options"] };

function optionSchemas(): OptionSchemas {
  const schemas = Object.entries(configurable).map(
    ([name, { options, description }]) => [name, options.describe(description)] as const,
  );
  return Object.fromEntries(schemas) as unknown as OptionSchemas;
}
