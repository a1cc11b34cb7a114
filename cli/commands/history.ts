import type { HistoryPage } from "../../src/ports/promotions.ts";
import { formatDuration } from "../../src/domain/duration.ts";
import { formatTime } from "../../src/domain/format-time.ts";
import { told } from "../told.ts";
import type { CommandPorts } from "./promote.ts";

export interface HistoryOptions {
  readonly application: string;
  readonly environment: string;
  readonly limit: number;
  readonly before: string | undefined;
  readonly json?: boolean;
}

export async function history({ json = false, ...query }: HistoryOptions, { connection, terminal }: CommandPorts): Promise<void> {
  const { application, environment, limit, before } = query;
  const page = (await connection.invoke("show-history", { application, environment, limit, ...(before === undefined ? {} : { before }) })) as HistoryPage;
  if (json) return terminal.line(JSON.stringify(page));
  for (const { openedAt, closedAt, version, ending, id, reasons } of page.entries) {
    terminal.line(`${formatTime(openedAt)}  ${version.padEnd(12)} ${(ending ?? "").padEnd(16)} ${formatDuration(closedAt - openedAt).padStart(7)}  ${id}`);
    if (ending !== "Promoted") for (const reason of reasons) terminal.line(`    ${told(reason)}`);
  }
  if (page.entries.length === 0) terminal.line("no promotion has ended here yet");
  else terminal.line(terminal.style("dim", "`show <promotion>` prints one of them whole"));
  if (page.before !== undefined) terminal.line(`older ones: --before ${page.before}`);
}
