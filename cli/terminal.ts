import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Where a command prints. Colour only on a terminal that wants it (NO_COLOR, FORCE_COLOR are respected). */
export interface Terminal {
  readonly line: (text?: string) => void;
  readonly error: (text: string) => void;
  readonly style: (style: Style, text: string) => string;
  /** A person sits in front of it and can be asked. */
  readonly interactive: boolean;
}

export function processTerminal(): Terminal {
  process.stdout.on("error", stopWhenNobodyReads);
  return {
    line: (text = "") => void process.stdout.write(`${text}\n`),
    error: (text) => void process.stderr.write(`${text}\n`),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    interactive: process.stdin.isTTY && process.stdout.isTTY,
  };
}

/** Whoever read our output, such as `head`, has gone: elsewhere SIGPIPE asks a program to stop then, but Node ignores it. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  if (!process.emit("SIGPIPE", "SIGPIPE")) process.exit();
}
