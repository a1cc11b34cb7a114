import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import { describeTime } from "../describe-times.ts";
import { describeWait } from "../describe-wait.ts";
import { printEnding, printPlan } from "../promotion-view.ts";
import { stepPrinter } from "../step-printer.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandPorts } from "./promote.ts";

export interface ShowPromotionOptions {
  readonly promotion: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** One promotion whole: who asked, every step, the plan, the votes and the ending. */
export async function show(
  { promotion, json = false, verbose = false }: ShowPromotionOptions,
  { connection, terminal }: CommandPorts,
): Promise<void> {
  const shown = (await connection.invoke("show-promotion", { promotion })) as ShownPromotion;
  if (json) return terminal.line(JSON.stringify(shown));
  printHead(terminal, shown);
  const printStep = stepPrinter(terminal, { verbose });
  for (const entry of shown.trail) printStep(entry, shown.promotion);
  printChain(terminal, shown);
  printPlan(terminal, shown);
  if (shown.promotion.ending === undefined) printVotes(terminal, shown);
  printEnding(terminal, shown);
  if (shown.promotion.ending === undefined) {
    terminal.line(
      `  It has not ended yet${shown.waitsFor ? `: it ${describeWait(shown.waitsFor)}` : ""}.`,
    );
  }
}

function printHead({ line, style }: Terminal, { promotion }: ShownPromotion): void {
  const { application, version, environment, id, openedAt, trigger, requester, reason, back } =
    promotion;
  line(`${style("bold", `${application} ${version} -> ${environment}`)}  ${style("dim", id)}`);
  const asker = trigger === "push" ? "a push" : (requester ?? "unknown");
  const why = `${back ? ", to go back" : ""}${reason === undefined ? "" : `: ${reason}`}`;
  line(`  started ${describeTime(openedAt)} by ${asker}${why}`);
}

/** A trail that was edited proves nothing, so it is not shown as if it did. */
function printChain({ line, style }: Terminal, { chain, trail }: ShownPromotion): void {
  if (chain.kind === "holds") return;
  const entry = trail[chain.entry - 1];
  const named = entry ? ` (${entry.step} at ${describeTime(entry.at)})` : "";
  line(
    style(
      "red",
      `  This trail was edited: entry ${chain.entry}${named} is not the one that was appended after those before it.`,
    ),
  );
  line(
    style(
      "red",
      "  It was changed or moved, or an earlier one was removed; nothing from there on can be trusted.",
    ),
  );
}

function printVotes({ line }: Terminal, { approval }: ShownPromotion): void {
  if (!approval) return;
  const { state, required, deadline, votes } = approval;
  line(
    `  Approval: ${state}, ${votes.length} of ${required} votes, until ${describeTime(deadline)}`,
  );
  for (const { user, choice, at } of votes) {
    line(`    ${user} ${choice === "approve" ? "approved" : "rejected"}  ${describeTime(at)}`);
  }
}
