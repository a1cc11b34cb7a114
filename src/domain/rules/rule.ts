import type { z } from "zod";
import type { ImageFacts, MomentFacts, ReleaseFacts } from "./facts.ts";

/** What a rule says of its subject, with the reason in words for people. */
export type RuleResult =
  | { readonly kind: "pass"; readonly reason: string }
  /**
   * Not yet: look again at `until` (epoch milliseconds) or when an event wakes us, but not after
   * `deadline`.
   */
  | {
      readonly kind: "wait";
      readonly reason: string;
      readonly until: number;
      readonly deadline: number;
    }
  | { readonly kind: "refuse"; readonly reason: string };

/**
 * A result with its rule and subject: what is stored, shown and hashed (the hash leaves out the
 * reason).
 */
export interface Verdict {
  readonly rule: string;
  /** The name of a member, or the application for a rule about the release. */
  readonly subject: string;
  readonly kind: RuleResult["kind"];
  readonly reason: string;
}

/**
 * Facts that are read only where an active rule names them. All others come from calls that every
 * verification makes.
 */
export const factNames = ["scan"] as const;
export type FactName = (typeof factNames)[number];

interface RuleBase<Options> {
  /** The key in promoter.yml and in verdicts. */
  readonly name: string;
  /** One line for the reference documentation. */
  readonly description: string;
  /** zod schema with descriptions and defaults. A rule without options has no key in promoter.yml. */
  readonly options: z.ZodType<Options>;
  /** Whether these options, or their defaults, ask for anything; absent: it is always on. */
  isOn?(options: Options): boolean;
  /** Absent: it needs none but those that are always read. */
  readonly facts?: readonly FactName[];
}

export interface ImageRule<Options> extends RuleBase<Options> {
  readonly subject: "image";
  check(facts: ImageFacts, options: Options, moment: MomentFacts): RuleResult;
}

export interface ReleaseRule<Options> extends RuleBase<Options> {
  readonly subject: "release";
  check(facts: ReleaseFacts, options: Options, moment: MomentFacts): RuleResult;
}

export type Rule<Options> = ImageRule<Options> | ReleaseRule<Options>;
