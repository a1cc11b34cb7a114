import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { createFooter, type Screen } from "../footer.ts";
import { terminalAbove } from "../terminal-above.ts";
import type { Terminal } from "../terminal.ts";

export interface Prompter {
  /** Prints above the question that is open, which stays at the bottom. */
  readonly terminal: Terminal;
  /**
   * Asks y or n; questions come one after the other, so that an answer belongs to exactly one. The
   * text is refreshed every second. undefined: it was withdrawn by `signal`, or this terminal can
   * no longer answer.
   */
  ask(text: () => string, signal: AbortSignal): Promise<Choice>;
  close(): void;
}

/** Where a person types, and where what is typed is seen. */
export interface Keyboard {
  readonly input: NodeJS.ReadableStream;
  readonly output: Screen;
}

export interface PrompterOptions extends Keyboard {
  readonly terminal: Terminal;
  /** Ctrl-C, which a terminal that is being read from gives to its reader. */
  readonly onInterrupt: () => void;
}

interface PendingQuestion {
  readonly text: () => string;
  readonly answer: (choice: Choice) => void;
}

type Choice = "y" | "n" | undefined;

const second = 1_000;

/**
 * The one reader of the terminal: two of them would both get the same line. It reads and edits, and
 * the footer shows.
 */
export function createPrompter({
  terminal,
  input,
  output,
  onInterrupt,
}: PrompterOptions): Prompter {
  const reader = createInterface({ input, output: nowhere(), terminal: output.isTTY === true });
  const footer = createFooter(output);
  const waiting: PendingQuestion[] = [];
  let hint = "";
  let ended = false;
  const show = (): void =>
    footer.set(waiting[0] && !ended ? `${hint}${waiting[0].text()}${reader.line}` : "");
  const clock = setInterval(show, second);
  const drop = (question: PendingQuestion, choice: Choice): void => {
    const place = waiting.indexOf(question);
    if (place < 0) return;
    waiting.splice(place, 1);
    if (place === 0) hint = "";
    show();
    question.answer(choice);
  };
  const answer = (typed: string): void => {
    const [question] = waiting;
    const choice = answerOf(typed);
    hint = "  Please answer y or n.\n";
    if (!question || choice === undefined) return show();
    footer.above(() => terminal.line(`${question.text().trimEnd()} ${typed}`));
    drop(question, choice);
  };
  reader.on("line", answer);
  input.on("keypress", show);
  reader.on("SIGINT", onInterrupt);
  reader.on("close", () => {
    ended = true;
    clearInterval(clock);
    show();
    if (waiting.length > 0) {
      terminal.line("  No more answers here: answer in Slack, or press Ctrl-C to stop.");
    }
    for (const question of waiting.splice(0)) question.answer(undefined);
  });
  return {
    terminal: terminalAbove(footer, terminal),
    ask: (text, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined);
        if (ended) {
          terminal.line(`${text().trimEnd()} It can no longer be answered here.`);
          return resolve(undefined);
        }
        const question = { text, answer: resolve };
        signal.addEventListener("abort", () => drop(question, undefined), { once: true });
        waiting.push(question);
        show();
      }),
    close: () => reader.close(),
  };
}

/** What the reader itself would show. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

function answerOf(text: string): Choice {
  if (/^y(es)?$/i.test(text.trim())) return "y";
  return /^no?$/i.test(text.trim()) ? "n" : undefined;
}
