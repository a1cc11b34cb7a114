import wrapAnsi from "wrap-ansi";
import { printable } from "../src/domain/printable.ts";

/** The rows at the bottom of a terminal, which stay below everything that is printed. */
export interface Footer {
  /** Replaces what was there; an empty text clears it. The cursor stays after it. */
  set(text: string): void;
  /** What `print` prints appears above. */
  above(print: () => void): void;
}

/** A terminal; `columns` is its current width. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
}

const usualColumns = 80;

/**
 * Rows are ended here and never by the terminal, so that their number is known. A terminal that
 * became narrower may have broken them into more; never into fewer, so that what is erased is
 * always ours.
 */
export function createFooter(screen: Screen): Footer {
  let text = "";
  let rows = 0;
  const erase = (): string => {
    const up = rows > 1 ? `\u001B[${rows - 1}A` : "";
    return rows === 0 ? "" : `\r${up}\u001B[J`;
  };
  const draw = (): string => {
    const laidOut = text === "" ? [] : layOut(text, screen.columns ?? usualColumns);
    rows = laidOut.length;
    return laidOut.join("\n");
  };
  const redraw = (): void => void screen.write(erase() + draw());
  screen.on("resize", () => {
    if (rows > 0) redraw();
  });
  return {
    set(next) {
      if (printable(next) === text) return;
      text = printable(next);
      redraw();
    },
    above(print) {
      if (rows > 0) screen.write(erase());
      print();
      if (text !== "") screen.write(draw());
    },
  };
}

/** One column stays free: for a cursor past the last one, terminals disagree on its row. */
function layOut(text: string, columns: number): readonly string[] {
  return wrapAnsi(text, Math.max(1, columns - 1), { hard: true, trim: false }).split("\n");
}
