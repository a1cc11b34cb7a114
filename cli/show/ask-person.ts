import { setTimeout as pass } from "node:timers/promises";
import type { LocalCloud } from "@promoter/local-cloud";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import type { Terminal } from "../terminal.ts";
import { timeLeft } from "../time-left.ts";
import type { Prompter } from "./prompter.ts";

/**
 * Who answers a question: no one (it is approved automatically), the person at this terminal, or
 * people in Slack.
 */
export type Answers = "by itself" | "in Slack" | Prompter;

export interface ApprovalRequest {
  readonly cloud: Pick<LocalCloud, "origin" | "slack">;
  readonly answers: Answers;
  readonly shown: ShownPromotion;
  /** Aborted when the question was answered elsewhere, or everything stops. */
  readonly signal: AbortSignal;
}

/**
 * Both ways press the button of the local Slack as a configured approver: the signed form is the
 * only way to vote.
 */
export async function askPerson(
  { cloud, answers, shown, signal }: ApprovalRequest,
  { line, style }: Terminal,
): Promise<void> {
  const { approval } = shown;
  const user = approval?.approvers.find((approver) => approver !== approval.barred);
  if (!approval?.message || user === undefined) return;
  if (answers === "in Slack") {
    return line(style("yellow", "  Asked in Slack: only a click there counts."));
  }
  const { channel, id: ts } = approval.message;
  for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, 10_000)) {
    const choice =
      answers === "by itself"
        ? "y"
        : await answers.ask(() => questionOf(shown, user, cloud.origin), signal);
    if (choice === undefined) return;
    const button = choice === "y" ? "Approve" : "Reject";
    const pressed = await cloud.slack.click({
      user,
      channel,
      ts,
      actionId: `promoter_${button.toLowerCase()}`,
    });
    if (pressed.kind === "delivered") {
      return line(
        style("dim", `  ${user} pressed ${button}${answers === "by itself" ? " (--yes)" : ""}`),
      );
    }
    line(style("yellow", `  ${user} could not press ${button}: ${pressed.message}`));
    await pass(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** What is awaited and the time left, and below it the question itself. */
function questionOf(
  { promotion: { application, version, environment }, approval }: ShownPromotion,
  user: string,
  origin: string,
): string {
  const left = approval ? ` Time left: ${timeLeft(approval.deadline)}.` : "";
  const question = `Approve ${application} ${version} to ${environment} as ${user}? (y/n) `;
  return `  Answer here, or at ${origin}/_slack/.${left}\n  ${question}`;
}
