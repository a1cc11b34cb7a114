import { EventEmitter } from "node:events";
import { Writable } from "node:stream";
import { WriteStream } from "node:tty";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";

/** A terminal of so many columns in this process: xterm.js without a window. */
export interface VirtualScreen extends Writable {
  readonly isTTY: true;
  readonly columns: number;
  /**
   * What somebody sees, scrolled-off lines included: each line that was printed as one text,
   * however the terminal broke it.
   */
  lines(): Promise<readonly string[]>;
  /** The same by rows. */
  rows(): Promise<readonly string[]>;
  resize(columns: number): Promise<void>;
}

export function virtualScreen(columns: number): VirtualScreen {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows: 24,
    scrollback: 10_000,
    convertEol: true,
    allowProposedApi: true,
  });
  onTestFinished(() => terminal.dispose());
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Uint8Array, _encoding, done) => terminal.write(chunk, done),
  });
  const flushed = (): Promise<void> =>
    new Promise((resolve) => {
      stream.write("", () => resolve());
    });
  const rows = async (): Promise<
    readonly { readonly text: string; readonly continued: boolean }[]
  > => {
    await flushed();
    const buffer = terminal.buffer.active;
    const all = Array.from({ length: buffer.baseY + buffer.cursorY + 1 }, (_, at) =>
      buffer.getLine(at),
    );
    return all.map((line, at) => ({
      text: line?.translateToString(!(all[at + 1]?.isWrapped ?? false)) ?? "",
      continued: line?.isWrapped === true,
    }));
  };
  return Object.assign(stream, new EventEmitter(), {
    isTTY: true as const,
    columns,
    getColorDepth: (env?: object) => WriteStream.prototype.getColorDepth.call(stream, env),
    rows: async () => (await rows()).map(({ text }) => text.trimEnd()),
    lines: async () =>
      (await rows())
        .reduce<string[]>(
          (lines, { text, continued }) =>
            continued ? [...lines.slice(0, -1), `${lines.at(-1) ?? ""}${text}`] : [...lines, text],
          [],
        )
        .map((line) => line.trimEnd()),
    async resize(this: { columns: number } & Writable, next: number) {
      await flushed();
      terminal.resize(next, 24);
      this.columns = next;
      this.emit("resize");
    },
  });
}
