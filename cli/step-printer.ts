import { formatDuration } from "../src/domain/duration.ts";
import { endings, type Promotion } from "../src/domain/promotion.ts";
import type { ChainedEntry } from "../src/ports/trail.ts";
import { describeTimes } from "./describe-times.ts";
import type { Terminal } from "./terminal.ts";

export interface StepPrinterOptions {
  /** Every reason of every step, and every step that found nothing new. */
  readonly verbose: boolean;
  /** Distinguishes several promotions. */
  readonly label?: () => string;
}

/** Outcomes after which the promotion continues: their reasons are shown only on request. */
const passes = new Set([
  "resolved",
  "verified",
  "checked",
  "prepared",
  "ask",
  "approved",
  "counted",
  "writing",
  "tagged",
  "deployed",
  "complete",
  "restored",
  "resumed",
  ...endings,
]);

/** Outcomes that repeat until something changes. */
const looks = new Set(["progressing", "observing", "observed"]);

type StepEntry = Pick<ChainedEntry, "at" | "step" | "outcome" | "took" | "reasons" | "who">;

/**
 * Prints one line per step: when, what, its outcome, how long it took. The reasons follow below,
 * unless all is well; for a step that runs again, as all do after an approval, only what is new.
 */
export function stepPrinter(
  { line, style, screen }: Terminal,
  { verbose, label = () => "" }: StepPrinterOptions,
): (entry: StepEntry, promotion: Pick<Promotion, "verdicts">) => void {
  const printed = new Map<string, ReadonlySet<string>>();
  return ({ at, step, outcome, took, reasons, who }, promotion) => {
    const before = printed.get(step);
    const wanted = verbose ? reasons : reasons.filter(isWorthTelling({ step, outcome }, promotion));
    const news = wanted.filter((reason) => before?.has(reason) !== true);
    const same = wanted.length - news.length;
    printed.set(step, new Set([...(before ?? []), ...wanted]));
    if (!verbose && looks.has(outcome) && before && news.length === 0) return;
    const by = who === "promoter" ? "" : `  by ${who}`;
    const [time, duration] = [new Date(at).toISOString().slice(11, 19), formatDuration(took)];
    const row = isNarrow(screen)
      ? [step, shownOutcome(outcome, reasons), style("dim", duration)]
      : [
          ` ${step.padEnd(20)}`,
          shownOutcome(outcome, reasons).padEnd(12),
          style("dim", duration.padStart(6)),
        ];
    line(`  ${style("dim", time)} ${row.join(" ")}${by}${label()}`);
    for (const reason of [
      ...news,
      ...(verbose && same > 0 ? [`${same === reasons.length ? "all" : same} as before`] : []),
    ]) {
      line(`            ${style("dim", `· ${describeTimes(reason)}`)}`);
    }
  };
}

/** Too narrow for columns. */
function isNarrow(screen: Terminal["screen"]): boolean {
  return screen?.columns !== undefined && screen.columns < 60;
}

/**
 * A plan goes on past rules that would wait, so there a step that succeeded has something to report
 * too.
 */
function isWorthTelling(
  { step, outcome }: Pick<StepEntry, "step" | "outcome">,
  { verdicts = [] }: Pick<Promotion, "verdicts">,
): (reason: string) => boolean {
  if (outcome === "close") return () => false;
  if (!passes.has(outcome)) return () => true;
  const open =
    step === "VerifyImages"
      ? verdicts
          .filter(({ kind }) => kind !== "pass")
          .map(({ rule, reason }) => `${rule}: ${reason}`)
      : [];
  return (reason) => open.includes(reason);
}

/** For a step that ends the promotion, the ending, which carries the reasons. */
function shownOutcome(outcome: string, [first = ""]: readonly string[]): string {
  return outcome === "close" && endings.some((ending) => ending === first) ? first : outcome;
}
