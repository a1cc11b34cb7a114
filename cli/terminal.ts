import { styleText } from "node:util";
import { printable } from "../src/domain/printable.ts";

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
    ...terminalOn(process),
    interactive: process.stdin.isTTY && process.stdout.isTTY,
  };
}

interface Output {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Much of what is printed was written by others: pods, clusters, whoever gave a reason. None of it commands the terminal. */
export function terminalOn({ stdout, stderr }: Output): Omit<Terminal, "interactive"> {
  return {
    line: (text = "") => void stdout.write(`${exceptStyles(text)}\n`),
    error: (text) => void stderr.write(`${printable(text)}\n`),
    style: (style, text) => styleText(style, printable(text), { stream: stdout }),
  };
}

const escape = "\u001B";
/** Bold, dim and colours of `styleText`: all that `style` is asked for, and nothing that hides or moves a text. */
const styles = new RegExp(String.raw`(${escape}\[(?:[12]|22|3[1-79])m)`);

/** A line is put together from styled parts and others; by the brackets in the pattern every second piece is a style. */
function exceptStyles(text: string): string {
  return text.split(styles).map((piece, index) => (index % 2 === 1 ? piece : printable(piece))).join("");
}

/** Whoever read our output, such as `head`, has gone: elsewhere SIGPIPE asks a program to stop then, but Node ignores it. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  if (!process.emit("SIGPIPE", "SIGPIPE")) process.exit();
}
