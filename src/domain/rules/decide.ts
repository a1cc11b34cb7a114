import { memberName } from "../release.ts";
import { exists } from "./exists.ts";
import type { ImageFacts, MomentFacts, ReleaseFacts } from "./facts.ts";
import { optionsOf, rules, type RuleOptions } from "./index.ts";
import { isOldEnough } from "./is-old-enough.ts";
import type { RuleResult, Verdict } from "./rule.ts";

export interface Facts {
  readonly images: readonly ImageFacts[];
  readonly release: ReleaseFacts;
}

/** The sum of all results; `reasons` are those of the results that decided. */
export type RulesDecision = Summary &
  (
    | { readonly kind: "promote" }
    /**
     * `until`: when to look again at the latest. `deadline`: the earliest of all waits. A wait
     * whose deadline is over stays a wait, so that the caller ends it as expired and not as
     * refused; at the deadline itself the facts are read again, because a rule may decide then.
     */
    | { readonly kind: "wait"; readonly until: number; readonly deadline: number }
    | { readonly kind: "refuse" }
  );

interface Summary {
  readonly verdicts: readonly Verdict[];
  readonly reasons: readonly string[];
}

interface Judgement {
  readonly rule: string;
  readonly subject: string;
  readonly result: RuleResult;
}

/**
 * One refusal refuses; else one wait waits, until the earliest moment at which something may have
 * changed; else promote.
 */
export function decide(facts: Facts, options: RuleOptions, moment: MomentFacts): RulesDecision {
  const judged = [
    ...facts.images.flatMap((image) => judgeImage(image, options, moment)),
    ...judgeRelease(facts.release, options, moment),
  ];
  const waits = judged.flatMap(({ result }) => (result.kind === "wait" ? [result] : []));
  if (judged.some(({ result }) => result.kind === "refuse")) {
    return { kind: "refuse", ...summary(judged, "refuse") };
  }
  if (waits.length === 0) return { kind: "promote", ...summary(judged, "pass") };
  const until = Math.min(...waits.map((wait) => wait.until));
  return {
    kind: "wait",
    until,
    deadline: Math.min(...waits.map((wait) => wait.deadline)),
    ...summary(judged, "wait"),
  };
}

/** What does not exist cannot be judged any further, and of objects nothing runs. */
const applicableTo: Readonly<Record<ImageFacts["state"]["kind"], (rule: string) => boolean>> = {
  missing: (rule) => rule === exists.name,
  archived: (rule) => rule === exists.name,
  incomplete: (rule) => rule === exists.name,
  unjudgeable: (rule) => rule === exists.name,
  artifact: (rule) => rule === exists.name || rule === isOldEnough.name,
  present: () => true,
};

function judgeImage(
  image: ImageFacts,
  options: RuleOptions,
  moment: MomentFacts,
): readonly Judgement[] {
  const applicable = rules.flatMap((rule) =>
    rule.subject === "image" && applicableTo[image.state.kind](rule.name) ? [rule] : [],
  );
  return applicable.map((rule) => ({
    rule: rule.name,
    subject: memberName(image),
    result: rule.check(image, optionsOf(rule, options), moment),
  }));
}

function judgeRelease(
  release: ReleaseFacts,
  options: RuleOptions,
  moment: MomentFacts,
): readonly Judgement[] {
  const applicable = rules.flatMap((rule) => (rule.subject === "release" ? [rule] : []));
  return applicable.map((rule) => ({
    rule: rule.name,
    subject: release.application,
    result: rule.check(release, optionsOf(rule, options), moment),
  }));
}

function summary(judged: readonly Judgement[], decisive: RuleResult["kind"]): Summary {
  return {
    verdicts: judged.map(({ rule, subject, result: { kind, reason } }) => ({
      rule,
      subject,
      kind,
      reason,
    })),
    reasons: judged
      .filter(({ result }) => result.kind === decisive)
      .map(({ result }) => result.reason),
  };
}
