import type { EnvironmentKey } from "../../src/domain/promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/show-status.ts";
import type { Connection } from "../connection.ts";
import { describeFailure } from "../describe-failure.ts";
import { CommandError, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { followPromotion } from "../follow-promotion.ts";
import { printEnding, printPlan, stepPrinter } from "../promotion-view.ts";
import type { Terminal } from "../terminal.ts";

export interface PromoteOptions {
  readonly input: EnvironmentKey & { readonly version: string; readonly requester?: string; readonly reason?: string; readonly mode?: "plan" };
  /** Name of the execution. */
  readonly name: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

export interface CommandPorts {
  readonly connection: Connection;
  readonly terminal: Terminal;
}

/** Starts an execution by hand and follows it; gives the exit code, which tells how it ended. */
export async function promote({ input, name, follow = true, json = false }: PromoteOptions, { connection, terminal }: CommandPorts): Promise<number> {
  await assertKnown(input, connection);
  await connection.start(input, name);
  if (!follow) {
    terminal.line(json ? JSON.stringify({ promotion: name }) : `started ${name}`);
    return exitCodes.done;
  }
  if (!json) terminal.line(`promotion ${name} in ${connection.where}`);
  const printStep = stepPrinter(terminal);
  const shown = await followPromotion({ connection, promotion: name, onChange: (_, { steps }) => { if (!json) for (const entry of steps) printStep(entry); } }).catch((error: unknown) => {
    throw notFollowed(name, error);
  });
  if (json) terminal.line(JSON.stringify(shown));
  else {
    if (shown.promotion.mode === "plan") printPlan(terminal, shown);
    printEnding(terminal, shown);
  }
  return shown.promotion.ending ? exitCodeOf(shown.promotion.ending) : exitCodes.failed;
}

/** Never "try again": who does would start a second promotion beside this one. */
function notFollowed(promotion: string, error: unknown): CommandError {
  const { message, details } = describeFailure(error);
  return new CommandError(`promotion ${promotion} was started and goes on without this command, which could not follow it to its end: ${message}\n\`show ${promotion}\` tells how it ends`, exitCodes.failed, { ...details, promotion });
}

/** A name that does not exist is a mistake of whoever typed it, so no execution is started for it. */
async function assertKnown({ application, environment }: EnvironmentKey, connection: Connection): Promise<void> {
  const [status] = (await connection.invoke("show-status", { application })) as readonly ApplicationStatus[];
  const known = status?.environments.map((one) => one.environment) ?? [];
  if (!known.includes(environment)) throw new CommandError(`there is no environment of ${application} named "${environment}"; promoter.yml has ${known.join(", ")}`, exitCodes.usage);
}
