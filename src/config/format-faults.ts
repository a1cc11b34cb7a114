import type { Fault } from "./fault.ts";

/** `promoter.yml:6:9: what is wrong`, the line with a caret, what to do; all faults, then how many. */
export function formatFaults(faults: readonly Fault[]): string {
  const count = `${faults.length} fault${faults.length === 1 ? "" : "s"}; nothing was started.`;
  return [...faults.map(formatFault), count].join("\n\n");
}

function formatFault({ file, line, column, message, remedy, excerpt }: Fault): string {
  return [
    `${file}:${line}:${column}: ${message}`,
    ...excerptLines(excerpt, column),
    `    -> ${remedy}`,
  ].join("\n");
}

const widest = 100;

/**
 * Long lines are cut around the place; tabs are kept below the line, so that the caret stands where
 * it should.
 */
function excerptLines(excerpt: string, column: number): readonly string[] {
  if (excerpt.trim() === "") return [];
  const start = excerpt.length <= widest ? 0 : Math.max(0, column - widest / 2);
  const shown = excerpt.slice(start, start + widest);
  const indent = excerpt.slice(start, column - 1).replace(/[^\t]/g, " ");
  return [`    ${shown}`, `    ${indent}^`];
}
