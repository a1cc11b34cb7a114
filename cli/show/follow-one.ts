import type { LocalCloud } from "@promoter/local-cloud";
import type { Ending } from "../../src/domain/promotion.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import type { Connection } from "../connection.ts";
import { followPromotion } from "../follow-promotion.ts";
import { printEnding, printPlan } from "../promotion-view.ts";
import { stepPrinter } from "../step-printer.ts";
import type { Terminal } from "../terminal.ts";
import { askPerson, type Answers } from "./ask-person.ts";
import { promotionLabel } from "./expected-promotion.ts";
import { watchPods } from "./watch-pods.ts";

export interface FollowOneOptions {
  readonly cloud: Pick<LocalCloud, "origin" | "slack" | "clusters">;
  readonly connection: Connection;
  readonly answers: Answers;
  readonly signal: AbortSignal;
  readonly promotion: string;
  /** Every reason of every step, and the pods. */
  readonly verbose: boolean;
  /** Only this one is followed. */
  readonly isAlone: () => boolean;
}

/** Shows one promotion to its end, and asks for its approval where that is asked for here. */
export async function followOne(
  following: FollowOneOptions,
  terminal: Terminal,
): Promise<Ending | undefined> {
  const { connection, promotion, signal, cloud, isAlone, verbose } = following;
  let announced = false;
  let question: OpenQuestion | undefined;
  const label = (): string => (isAlone() ? "" : `  ${shortName(promotion)}`);
  const pods = watchPods(cloud, { terminal, label });
  const printStep = stepPrinter(terminal, { verbose, label });
  const shown = await followPromotion({
    connection,
    promotion,
    signal,
    every: 100,
    onChange: async (now, { steps }) => {
      if (!announced) {
        terminal.line(
          `\n${terminal.style("bold", promotionLabel(now.promotion))}  ${terminal.style("dim", promotion)}`,
        );
      }
      announced = true;
      const open = openQuestion(now);
      if (question && question.hash !== open) question.stop.abort();
      for (const entry of steps) printStep(entry, now.promotion);
      if (verbose) pods.look(now.plan?.plan.namespace);
      if (open === undefined || question?.hash === open) return;
      question = { hash: open, stop: new AbortController() };
      printPlan(terminal, now);
      terminal.line();
      void askPerson(
        { ...following, shown: now, signal: AbortSignal.any([signal, question.stop.signal]) },
        terminal,
      );
    },
  }).finally(() => question?.stop.abort());
  printEnding(terminal, shown);
  return shown.promotion.ending;
}

/** Enough to distinguish it from others beside it. */
function shortName(promotion: string): string {
  return /^[a-z]+-[0-9a-f]{8}/.exec(promotion)?.[0] ?? promotion;
}

/** Content hash of the question that is still unanswered, once the step that asks has reported it. */
function openQuestion({ approval, promotion, trail }: ShownPromotion): string | undefined {
  const asked = trail.filter(
    ({ step, outcome }) => step === "RequestApproval" && outcome === "asked",
  ).length;
  if (promotion.ending !== undefined || asked < promotion.rounds.length) return undefined;
  return approval?.state === "pending" && approval.votes.length === 0 ? approval.hash : undefined;
}

/** What a person is asked in the terminal; it is withdrawn when an answer comes from elsewhere. */
interface OpenQuestion {
  readonly hash: string;
  readonly stop: AbortController;
}
