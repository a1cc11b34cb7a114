import { formatDuration } from "../../src/domain/duration.ts";
import { formatTime } from "../../src/domain/format-time.ts";
import type { Ending } from "../../src/domain/promotion.ts";
import type { HistoryEntry, HistoryPage } from "../../src/ports/promotions.ts";
import { describeTimes } from "../describe-times.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandPorts } from "./promote.ts";

export interface HistoryOptions {
  readonly application: string;
  readonly environment: string;
  readonly limit: number;
  readonly before: string | undefined;
  /** Only promotions with these endings; none means all. */
  readonly endings?: readonly Ending[];
  readonly json?: boolean;
}

export async function history(
  { json = false, ...query }: HistoryOptions,
  { connection, terminal }: CommandPorts,
): Promise<void> {
  const { application, environment, limit, before, endings = [] } = query;
  const page = (await connection.invoke("show-history", {
    application,
    environment,
    limit,
    ...(before === undefined ? {} : { before }),
    ...(endings.length > 0 ? { endings } : {}),
  })) as HistoryPage;
  if (json) return terminal.line(JSON.stringify(page));
  for (const entry of page.entries) printEntry(entry, terminal);
  if (page.entries.length === 0) {
    terminal.line(
      endings.length > 0
        ? `no promotion ended here as ${endings.join(" or ")}`
        : "no promotion has ended here yet",
    );
  } else terminal.line(terminal.style("dim", "`show <promotion>` prints one of them in full"));
  if (page.before !== undefined) terminal.line(`older ones: --before ${page.before}`);
}

function printEntry(
  { openedAt, closedAt, version, ending, id, reasons, approvedBy, back }: HistoryEntry,
  { line }: Terminal,
): void {
  const took = formatDuration(closedAt - openedAt).padStart(7);
  const row = `${version.padEnd(12)} ${(ending ?? "").padEnd(16)} ${took}`;
  line(`${formatTime(openedAt)}  ${row}  ${id}${back ? "  went back" : ""}`);
  if (approvedBy !== undefined) line(`    approved by ${approvedBy}`);
  if (ending !== "Promoted") for (const reason of reasons) line(`    ${describeTimes(reason)}`);
}
