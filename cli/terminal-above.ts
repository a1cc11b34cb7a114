import type { Footer } from "./footer.ts";
import type { Terminal } from "./terminal.ts";

/** The same terminal, but printing above the footer. */
export function terminalAbove(footer: Footer, terminal: Terminal): Terminal {
  return {
    ...terminal,
    line: (...text) => footer.above(() => terminal.line(...text)),
    error: (text) => footer.above(() => terminal.error(text)),
  };
}
