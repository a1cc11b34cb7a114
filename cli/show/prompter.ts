import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import type { Terminal } from "../terminal.ts";

export interface Prompter {
  /** Prints above the question that is open, which stays the last line. */
  readonly terminal: Terminal;
  /**
   * Asks y or n; questions come one after the other, so that an answer belongs to exactly one. undefined: it was taken back by `signal`, or
   * nobody can answer here any more.
   */
  ask(text: string, signal: AbortSignal): Promise<"y" | "n" | undefined>;
  close(): void;
}

/** Where a person types, and where what is typed is seen. */
export interface Keyboard {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

export interface PrompterOptions extends Keyboard {
  readonly terminal: Terminal;
  /** Ctrl-C, which a terminal that is being read from gives to its reader. */
  readonly onInterrupt: () => void;
}

interface Question {
  readonly text: string;
  readonly answer: (choice: "y" | "n" | undefined) => void;
}

/** The one reader of the terminal: two of them would both get the same line. */
export function createPrompter({ terminal, input, output, onInterrupt }: PrompterOptions): Prompter {
  const reader = createInterface({ input, output });
  const waiting: Question[] = [];
  let ended = false;
  const show = (): void => { if (waiting[0] && !ended) prompt(reader, waiting[0].text); };
  const drop = (question: Question, choice: "y" | "n" | undefined): void => {
    const place = waiting.indexOf(question);
    if (place < 0) return;
    waiting.splice(place, 1);
    if (place === 0) erase(output);
    question.answer(choice);
    show();
  };
  reader.on("line", (line) => {
    const [question] = waiting;
    const choice = answerOf(line);
    if (question && choice === undefined) return prompt(reader, `  Please answer y or n. ${question.text.trimStart()}`);
    if (question) drop(question, choice);
  });
  reader.on("SIGINT", onInterrupt);
  reader.on("close", () => {
    ended = true;
    if (waiting.length > 0) terminal.line("\n  No answers from here any more: answer in Slack, or press Ctrl-C to stop.");
    for (const question of waiting.splice(0)) question.answer(undefined);
  });
  const line = (text?: string): void => {
    if (waiting.length > 0) erase(output);
    terminal.line(text);
    show();
  };
  return {
    terminal: { ...terminal, line },
    ask: (text, signal) => new Promise((answer) => {
      if (signal.aborted) return answer(undefined);
      if (ended) {
        terminal.line(`${text.trimEnd()} Nobody can answer here any more.`);
        return answer(undefined);
      }
      const question = { text, answer };
      signal.addEventListener("abort", () => drop(question, undefined), { once: true });
      if (waiting.push(question) === 1) show();
    }),
    close: () => reader.close(),
  };
}

/** What was typed so far stays. */
function prompt(reader: Interface, text: string): void {
  reader.setPrompt(text);
  reader.prompt(true);
}

function erase(output: NodeJS.WritableStream): void {
  cursorTo(output, 0);
  clearLine(output, 0);
}

function answerOf(text: string): "y" | "n" | undefined {
  if (/^y(es)?$/i.test(text.trim())) return "y";
  return /^no?$/i.test(text.trim()) ? "n" : undefined;
}
