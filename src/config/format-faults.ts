import type { Fault } from "./fault.ts";

/** `promoter.yml:6:9: what is wrong`, the line and a caret below it; all faults, then how many. */
export function formatFaults(faults: readonly Fault[]): string {
  const blocks = faults.map(({ file, line, column, source, message }) =>
    `${file}:${line}:${column}: ${message}${source === "" ? "" : `\n    ${source}\n    ${" ".repeat(column - 1)}^`}`);
  return [...blocks, `${faults.length} fault${faults.length === 1 ? "" : "s"}; nothing was started.`].join("\n\n");
}
