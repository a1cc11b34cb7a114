import type { ImageFacts, MomentFacts, ReleaseFacts } from "./facts.ts";
import { rules, type RuleOptions } from "./index.ts";
import type { Finding, Verdict } from "./rule.ts";

export interface Facts {
  readonly images: readonly ImageFacts[];
  readonly release: ReleaseFacts;
}

/** The sum of all findings. A wait whose deadline is over stays a wait: the caller ends it as expired, not as refused. */
export type Decision =
  | { readonly kind: "promote"; readonly verdicts: readonly Verdict[]; readonly reasons: readonly string[] }
  | { readonly kind: "wait"; readonly until: number; readonly deadline: number; readonly verdicts: readonly Verdict[]; readonly reasons: readonly string[] }
  | { readonly kind: "refuse"; readonly verdicts: readonly Verdict[]; readonly reasons: readonly string[] };

interface Judged {
  readonly rule: string;
  readonly subject: string;
  readonly finding: Finding;
}

/** One refusal refuses; else one wait waits, until the earliest moment at which something may have changed; else promote. */
export function decide(facts: Facts, options: RuleOptions, moment: MomentFacts): Decision {
  const judged = [...facts.images.flatMap((image) => judgeImage(image, options, moment)), ...judgeRelease(facts.release, moment)];
  const verdicts = judged.map(({ rule, subject, finding: { kind, reason } }) => ({ rule, subject, kind, reason }));
  const reasonsOf = (kind: Finding["kind"]): readonly string[] => judged.filter(({ finding }) => finding.kind === kind).map(({ finding }) => finding.reason);
  if (reasonsOf("refuse").length > 0) return { kind: "refuse", verdicts, reasons: reasonsOf("refuse") };
  const waits = judged.flatMap(({ finding }) => (finding.kind === "wait" ? [finding] : []));
  if (waits.length === 0) return { kind: "promote", verdicts, reasons: reasonsOf("pass") };
  const [until, deadline] = [Math.min(...waits.map((wait) => wait.until)), Math.min(...waits.map((wait) => wait.deadline))];
  return { kind: "wait", until, deadline, verdicts, reasons: reasonsOf("wait") };
}

function judgeImage(image: ImageFacts, options: RuleOptions, moment: MomentFacts): readonly Judged[] {
  const subject = image.repository;
  return [
    { rule: rules.exists.name, subject, finding: rules.exists.check(image, true, moment) },
    { rule: rules.platforms.name, subject, finding: rules.platforms.check(image, options.platforms, moment) },
    { rule: rules.scan.name, subject, finding: rules.scan.check(image, options.scan, moment) },
    { rule: rules.age.name, subject, finding: rules.age.check(image, options.age, moment) },
  ];
}

function judgeRelease(release: ReleaseFacts, moment: MomentFacts): readonly Judged[] {
  return [rules.order, rules.hold, rules.settled].map((rule) => ({ rule: rule.name, subject: release.application, finding: rule.check(release, true, moment) }));
}
