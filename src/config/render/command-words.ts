/** The words of a command, or the first thing in it that only a shell could do. */
export type CommandWords =
  | { readonly kind: "words"; readonly words: readonly [program: string, ...string[]] }
  | { readonly kind: "unsupported"; readonly what: string };

/**
 * Splits as a POSIX shell does (IEEE Std 1003.1-2024, "Shell Command Language", 2.2 Quoting and 2.3
 * Token Recognition), and expands nothing: what a shell would expand, connect or redirect is
 * unsupported unless it is quoted.
 */
export function commandWords(command: string): CommandWords {
  const words: string[] = [];
  let rest = withoutBlanks(command.trimEnd());
  while (rest !== "") {
    const taken = takeWord(rest);
    if ("what" in taken) return { kind: "unsupported", what: taken.what };
    words.push(taken.word);
    rest = withoutBlanks(rest.slice(taken.length));
  }
  const [program, ...others] = words;
  if (program === undefined) return unsupported("no program");
  return /^[A-Za-z_]\w*=/.test(command.trimStart())
    ? unsupported(`a variable, ${program}`)
    : { kind: "words", words: [program, ...others] };
}

type Taken =
  | { readonly word: string; readonly length: number }
  | { readonly what: string; readonly length?: never };

function unsupported(what: string): CommandWords {
  return { kind: "unsupported", what };
}

/** A line that a backslash continues is one line. */
function withoutBlanks(text: string): string {
  return text.replace(/^(?:[ \t\r]|\\\n)+/, "");
}

/** Up to the next blank outside of quotes. */
function takeWord(text: string): Taken {
  let word = "";
  let at = 0;
  while (at < text.length && !/[ \t\r]/.test(text[at] ?? "")) {
    const part = takePart(text.slice(at), at === 0);
    if ("what" in part) return part;
    word += part.word;
    at += part.length;
  }
  return { word, length: at };
}

function takePart(text: string, isFirst: boolean): Taken {
  const [quoted] = /^'[^']*'/.exec(text) ?? /^"(?:[^"\\]|\\[^])*"/.exec(text) ?? [];
  if (quoted !== undefined) return takeQuoted(quoted);
  const [first = "", second] = text;
  if (first === "'" || first === '"') return { what: `a quote ${first} that is not closed` };
  if (first === "\\") {
    return second === undefined
      ? { what: "a \\ at the end" }
      : { word: second === "\n" ? "" : second, length: 2 };
  }
  if (first === "\n") return { what: "a line break" };
  if (/[|&;<>()$`*?[]/.test(first) || (isFirst && /[#~]/.test(first))) {
    return { what: `the character ${first}` };
  }
  return { word: first, length: 1 };
}

/** Within double quotes a backslash escapes $, `, ", \ and a newline, and stays before others. */
function takeQuoted(quoted: string): Taken {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("'")) return { word: inner, length: quoted.length };
  const [expansion] = /[$`]/.exec(inner.replace(/\\[^]/g, "")) ?? [];
  if (expansion !== undefined) return { what: `the character ${expansion}` };
  const word = inner.replace(/\\([$`"\\\n])/g, (_, escaped: string) =>
    escaped === "\n" ? "" : escaped,
  );
  return { word, length: quoted.length };
}
