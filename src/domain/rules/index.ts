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
 * Every rule, in the order of its findings. Decision, configuration schema and the facts that are
 * read derive from this table.
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

/** The facts that the active rules name; reading them and the permission for it depend on this. */
export function factsNeeded(options: RuleOptions): readonly FactName[] {
  const active = rules.filter((rule) => rule.isOn?.(optionsOf(rule, options)) ?? true);
  return [...new Set(active.flatMap(({ facts = [] }) => facts))].toSorted();
}

/** undefined for a rule without a key in promoter.yml. */
export function optionsOf({ name }: Rule<unknown>, options: RuleOptions): unknown {
  return new Map<string, unknown>(Object.entries(options)).get(name);
}

type Configurable = typeof configurable;
type OptionSchemas = { readonly [Name in keyof Configurable]: Configurable[Name]["options"] };

function optionSchemas(): OptionSchemas {
  const schemas = Object.entries(configurable).map(
    ([name, { options, description }]) => [name, options.describe(description)] as const,
  );
  return Object.fromEntries(schemas) as unknown as OptionSchemas;
}
