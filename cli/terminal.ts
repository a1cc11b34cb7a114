import { styleText } from "node:util";
import { printable } from "../src/domain/printable.ts";
import type { Screen } from "./footer.ts";
import { wrapText } from "./wrap-text.ts";

type Style = Parameters<typeof styleText>[0];

/** How a line is laid out on a terminal: `as it is` for what people copy. */
export type Layout = "wrapped" | "as it is";

/**
 * Where a command prints. Colour only on a terminal that wants it (NO_COLOR, FORCE_COLOR are
 * respected).
 */
export interface Terminal {
  readonly line: (text?: string, layout?: Layout) => void;
  readonly error: (text: string) => void;
  readonly style: (style: Style, text: string) => string;
  /** A person sits in front of it and can be asked. */
  readonly interactive: boolean;
  /** Where something may stand below what is printed; undefined: it goes to a file or a program. */
  readonly screen?: Screen;
}

export function processTerminal(): Terminal {
  process.stdout.on("error", stopWhenNobodyReads);
  return {
    ...terminalOn(process),
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    ...(process.stdout.isTTY ? { screen: process.stdout } : {}),
  };
}

interface Output {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * Much of what is printed was written by others: pods, clusters, people who gave a reason. None of
 * it may control the terminal.
 */
export function terminalOn({ stdout, stderr }: Output): Omit<Terminal, "interactive"> {
  return {
    line: (text = "", layout = "wrapped") =>
      void stdout.write(`${fitLine(keepStyles(text), layout, stdout)}\n`),
    error: (text) => void stderr.write(`${fitLine(printable(text), "wrapped", stderr)}\n`),
    style: (style, text) => styleText(style, printable(text), { stream: stdout }),
  };
}

/** Only a terminal has columns; what goes to a file or a program stays one line. */
function fitLine(text: string, layout: Layout, stream: NodeJS.WritableStream): string {
  const columns = "columns" in stream && typeof stream.columns === "number" ? stream.columns : 0;
  return layout === "wrapped" && columns > 0 ? wrapText(text, columns) : text;
}

const escape = "\u001B";
/**
 * Bold, dim and colours of `styleText`: all that `style` is asked for, and nothing that hides or
 * moves a text.
 */
const styles = new RegExp(String.raw`(${escape}\[(?:[12]|22|3[1-79])m)`);

/**
 * A line is put together from styled parts and others; by the brackets in the pattern every second
 * piece is a style.
 */
function keepStyles(text: string): string {
  return text
    .split(styles)
    .map((piece, index) => (index % 2 === 1 ? piece : printable(piece)))
    .join("");
}

/**
 * The reader of our output, such as `head`, has gone: elsewhere SIGPIPE asks a program to stop
 * then, but Node ignores it.
 */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  if (!process.emit("SIGPIPE", "SIGPIPE")) process.exit();
}
