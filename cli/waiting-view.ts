import type { OpenStatus } from "../src/promotion/operations/show-status.ts";
import { describeWait } from "./describe-wait.ts";
import { createFooter } from "./footer.ts";
import { terminalAbove } from "./terminal-above.ts";
import type { Terminal } from "./terminal.ts";

export interface WaitingView {
  /** Prints above what is awaited. */
  readonly terminal: Terminal;
  /** What it waits for now; undefined: nothing. */
  set(waitsFor: OpenStatus["waitsFor"]): void;
  close(): void;
}

const second = 1_000;
const reassurance = "Ctrl-C only stops following: the promotion continues.";

/**
 * On a terminal what a promotion waits for stands below everything else and counts down; elsewhere
 * it is printed once.
 */
export function waitingView(terminal: Terminal): WaitingView {
  return terminal.screen ? onScreen(terminal, terminal.screen) : inLines(terminal);
}

function onScreen(terminal: Terminal, screen: NonNullable<Terminal["screen"]>): WaitingView {
  const footer = createFooter(screen);
  let awaited: OpenStatus["waitsFor"];
  const show = (): void =>
    footer.set(awaited ? `  ${describeWait(awaited)}\n  ${reassurance}` : "");
  const clock = setInterval(show, second);
  return {
    terminal: terminalAbove(footer, terminal),
    set(waitsFor) {
      awaited = waitsFor;
      show();
    },
    close() {
      clearInterval(clock);
      footer.set("");
    },
  };
}

function inLines(terminal: Terminal): WaitingView {
  let last = "";
  return {
    terminal,
    set(waitsFor) {
      const key = waitsFor ? `${waitsFor.kind} ${waitsFor.until}` : "";
      if (waitsFor && key !== last) terminal.line(`  ${describeWait(waitsFor)}. ${reassurance}`);
      last = key;
    },
    close: () => undefined,
  };
}
