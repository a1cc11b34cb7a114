import type { Connection } from "../connection.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { followPromotion } from "../follow-promotion.ts";
import { printEnding, printPlan, printStep } from "../promotion-view.ts";
import type { Terminal } from "../terminal.ts";

export interface PromoteOptions {
  readonly input: object;
  /** Name of the execution. */
  readonly name: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export interface CommandPorts {
  readonly connection: Connection;
  readonly terminal: Terminal;
}

/** Starts an execution by hand and follows it; the exit code tells how it ended. */
export async function promote({ input, name, follow = true, json = false }: PromoteOptions, { connection, terminal }: CommandPorts): Promise<void> {
  await connection.start(input, name);
  if (!follow) return terminal.line(json ? JSON.stringify({ promotion: name }) : `started ${name}`);
  if (!json) terminal.line(`promotion ${name} in ${connection.where}`);
  const shown = await followPromotion({ connection, promotion: name, onChange: (_, { steps }) => { if (!json) for (const entry of steps) printStep(terminal, entry); } });
  if (json) terminal.line(JSON.stringify(shown));
  else {
    if (shown.promotion.mode === "plan") printPlan(terminal, shown);
    printEnding(terminal, shown);
  }
  process.exitCode = shown.promotion.ending ? exitCodeOf(shown.promotion.ending) : 1;
}
