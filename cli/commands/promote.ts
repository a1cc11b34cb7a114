import type { EnvironmentKey } from "../../src/domain/promotion.ts";
import type { ShownPromotion } from "../../src/promotion/operations/show-promotion.ts";
import type { ApplicationStatus } from "../../src/promotion/operations/show-status.ts";
import type { Connection } from "../connection.ts";
import { describeFailure } from "../describe-failure.ts";
import { CommandError, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { followPromotion } from "../follow-promotion.ts";
import { planDiff, printDiff } from "../plan-diff.ts";
import { printEnding, printPlan } from "../promotion-view.ts";
import { stepPrinter } from "../step-printer.ts";
import type { Terminal } from "../terminal.ts";
import { waitingView } from "../waiting-view.ts";

export interface PromoteOptions {
  readonly input: EnvironmentKey & {
    readonly version: string;
    readonly requester?: string;
    readonly reason?: string;
    readonly mode?: "plan";
    readonly back?: true;
  };
  /** Name of the execution. */
  readonly name: string;
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** Print whole objects too, as they are and as they would be. */
  readonly diff?: boolean;
  /** Ctrl-C stops following, and nothing else. */
  readonly signal?: AbortSignal;
}

export interface CommandPorts {
  readonly connection: Connection;
  readonly terminal: Terminal;
}

/**
 * Starts an execution by hand, unless one for the same version is under way, and follows it; gives
 * the exit code, which tells how it ended.
 */
export async function promote(options: PromoteOptions, ports: CommandPorts): Promise<number> {
  const { input, follow = true, json = false } = options;
  const underWay = await openPromotion(input, ports.connection);
  const name = underWay ?? options.name;
  if (underWay === undefined) await ports.connection.start(input, name);
  if (!follow) {
    ports.terminal.line(
      json
        ? JSON.stringify({ promotion: name })
        : underWay === undefined
          ? `started ${name}`
          : `${name} is already under way; nothing was started${unusedReason(input)}`,
    );
    return exitCodes.done;
  }
  if (!json) {
    ports.terminal.line(
      underWay === undefined
        ? `promotion ${name} in ${ports.connection.where}`
        : `${name} is already under way: nothing was started; following it${unusedReason(input)}`,
    );
  }
  const begun = `promotion ${name} ${underWay === undefined ? "was started" : "was already under way"}`;
  return followToEnd({ ...options, name }, ports, begun);
}

/** People were asked, or will be, with the reason given at the start. */
function unusedReason({ reason }: PromoteOptions["input"]): string {
  return reason === undefined ? "" : "; your reason is not shown to anyone";
}

async function followToEnd(
  { name, json = false, verbose = false, diff = false, signal }: PromoteOptions,
  { connection, terminal }: CommandPorts,
  begun: string,
): Promise<number> {
  const waiting = waitingView(terminal);
  const printStep = stepPrinter(waiting.terminal, { verbose });
  const onChange = (
    { promotion, waitsFor }: ShownPromotion,
    { steps }: { readonly steps: ShownPromotion["trail"] },
  ): void => {
    if (json) return;
    for (const entry of steps) printStep(entry, promotion);
    waiting.set(waitsFor);
  };
  try {
    const shown = await followPromotion({ connection, promotion: name, onChange, signal });
    waiting.close();
    printShown({ shown, json, diff }, terminal);
    return shown.promotion.ending ? exitCodeOf(shown.promotion.ending) : exitCodes.failed;
  } catch (error) {
    waiting.close();
    if (signal?.aborted !== true) {
      throw followError(begun, { promotion: name, error });
    }
    terminal.error(
      `stopped following; the promotion continues: \`show ${name}\` shows how it ends`,
    );
    return exitCodes.interrupted;
  }
}

function printShown(
  {
    shown,
    json,
    diff,
  }: { readonly shown: ShownPromotion; readonly json: boolean; readonly diff: boolean },
  terminal: Terminal,
): void {
  if (json) {
    return terminal.line(JSON.stringify(diff ? { ...shown, diff: planDiff(shown) } : shown));
  }
  if (shown.promotion.mode === "plan") printPlan(terminal, shown);
  if (diff) printDiff(terminal, planDiff(shown));
  printEnding(terminal, shown);
}

/** Never "try again": that would start a second promotion beside this one. */
function followError(
  begun: string,
  { promotion, error }: { readonly promotion: string; readonly error: unknown },
): CommandError {
  const { message, details } = describeFailure(error);
  return new CommandError(
    `${begun} and continues, but could not be followed to its end: ${message}\n` +
      `\`show ${promotion}\` shows how it ends`,
    exitCodes.failed,
    { ...details, promotion },
  );
}

/**
 * What promotes the same version already; of several the newest, because those before a rebuild
 * give way to it. A name that does not exist is a typing mistake, so no execution is started for
 * it.
 */
async function openPromotion(
  { application, environment, version, mode, back }: PromoteOptions["input"],
  connection: Connection,
): Promise<string | undefined> {
  const [status] = (await connection.invoke("show-status", {
    application,
  })) as readonly ApplicationStatus[];
  const known = status?.environments.map((one) => one.environment) ?? [];
  if (!known.includes(environment)) {
    throw new CommandError(
      `there is no environment of ${application} named "${environment}"; promoter.yml has ${known.join(", ")}`,
      exitCodes.usage,
    );
  }
  if (mode === "plan") return undefined;
  const same =
    status?.promotions.filter(
      (one) =>
        one.environment === environment &&
        one.version === version &&
        one.mode === "promote" &&
        one.back === back &&
        one.ending === undefined,
    ) ?? [];
  return same.toSorted((one, other) => other.openedAt - one.openedAt)[0]?.id;
}
