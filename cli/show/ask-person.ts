import { createInterface } from "node:readline/promises";
import type { LocalCloud } from "../../local/cloud.ts";
import type { ShownPromotion } from "../../src/promotion/show-promotion.ts";
import type { Terminal } from "../terminal.ts";

export interface Asking {
  readonly cloud: Pick<LocalCloud, "origin" | "slack">;
  /** Approve without asking. */
  readonly yes: boolean;
  readonly shown: ShownPromotion;
  /** Somebody answered elsewhere, or everything stops. */
  readonly signal: AbortSignal;
}

/** Both ways press the button of the local Slack as a configured approver: the signed form is the only way to vote. */
export async function askPerson({ cloud, yes, shown, signal }: Asking, terminal: Terminal): Promise<void> {
  const { approval } = shown;
  if (!approval?.message) return;
  const user = approval.approvers.find((approver) => approver !== approval.barred);
  if (user === undefined) return terminal.line(terminal.style("yellow", `  nobody may approve: the only approver asked for it, and \`requester: may-not-approve\` bars that vote; it expires, or \`cancel\` it`));
  const choice = yes ? "y" : await question(`  Approve as ${user}? (y/n, or answer at ${cloud.origin}/_slack/) `, signal);
  if (choice === undefined) return;
  const approves = choice === "y";
  await cloud.slack.click({ user, channel: approval.message.channel, ts: approval.message.ts, actionId: approves ? "promoter_approve" : "promoter_reject" });
  terminal.line(terminal.style("dim", `  ${user} pressed ${approves ? "Approve" : "Reject"}${yes ? " (--yes)" : ""}`));
}

/** Asks until it is one or the other: a stray Enter must not reject a release. undefined: nobody answered here. */
async function question(text: string, signal: AbortSignal): Promise<"y" | "n" | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<undefined>((resolve) => reader.once("close", () => resolve(undefined)));
  try {
    for (;;) {
      const answer = await Promise.race([reader.question(text, { signal }), closed]);
      if (answer === undefined) return undefined;
      const choice = answerOf(answer);
      if (choice) return choice;
    }
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}

function answerOf(text: string): "y" | "n" | undefined {
  if (/^y(es)?$/i.test(text.trim())) return "y";
  return /^no?$/i.test(text.trim()) ? "n" : undefined;
}
