import { parseJson } from "../../domain/parse-json.ts";

/** A part of a file that kubectl reads as one document. */
export interface Chunk {
  readonly kind: "json" | "yaml";
  readonly text: string;
  /** Where it begins in the file. */
  readonly offset: number;
  /** It stands where kubectl expects something else. */
  readonly misplaced?: { readonly message: string; readonly remedy: string };
}

/**
 * Cuts a file as kubectl does: objects of JSON one after the other, else at every line that begins
 * with `---`, before any YAML is read. A file may begin with one object of JSON and go on in YAML.
 * Source: k8s.io/apimachinery 0.37, util/yaml/decoder.go.
 */
export function kubectlChunks(text: string): readonly Chunk[] {
  const chunks = allChunks(text);
  const [tooMuch] = chunks.slice(maxChunks);
  if (!tooMuch) return chunks;
  const misplaced = {
    message: `a file has at most ${maxChunks} documents`,
    remedy: "split it into several files",
  };
  return [...chunks.slice(0, maxChunks), { ...tooMuch, text: "", misplaced }];
}

const maxChunks = 1000;

function allChunks(text: string): readonly Chunk[] {
  if (!/^\s*\{/.test(text)) return yamlChunks(text, 0);
  const { chunks, end } = jsonChunks(text);
  const rest = /^[^\S\n]*\n?/.exec(text.slice(end))?.[0].length ?? 0;
  if (text.slice(end).trim() === "") return chunks;
  if (chunks.length < 2) return [...chunks, ...yamlChunks(text.slice(end + rest), end + rest)];
  const start = end + (text.slice(end).length - text.slice(end).trimStart().length);
  return [
    ...chunks,
    {
      kind: "json",
      text: "",
      offset: start,
      misplaced: {
        message: "no JSON object begins here",
        remedy: "correct the syntax, or remove what is not an object",
      },
    },
  ];
}

function jsonChunks(text: string): { readonly chunks: readonly Chunk[]; readonly end: number } {
  const chunks: Chunk[] = [];
  let end = 0;
  for (;;) {
    const offset = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
    const close = endOfObject(text, offset);
    const object = close === undefined ? "" : text.slice(offset, close);
    if (close === undefined || parseJson(object) === undefined) return { chunks, end };
    chunks.push({ kind: "json", text: object, offset });
    end = close;
  }
}

/** Behind the brace that closes the one at `start`. */
function endOfObject(text: string, start: number): number | undefined {
  if (text[start] !== "{") return undefined;
  const tokens = /"(?:[^"\\]|\\[^])*"|[{}]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    if (found[0] === "{") depth += 1;
    if (found[0] === "}") depth -= 1;
    if (depth === 0) return tokens.lastIndex;
  }
  return undefined;
}

function yamlChunks(text: string, offset: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  for (const { 0: line, 1: rest = "", index } of text.matchAll(/^---(.*)(?:\n|$)/gm)) {
    chunks.push({ kind: "yaml", text: text.slice(start, index), offset: offset + start });
    if (!/^\s*(?:#|$)/.test(rest)) {
      const misplaced = {
        message: "kubectl accepts only a comment after ---",
        remedy: "write it on the next line",
      };
      chunks.push({ kind: "yaml", text: "", offset: offset + index, misplaced });
    }
    start = index + line.length;
  }
  return [...chunks, { kind: "yaml", text: text.slice(start), offset: offset + start }];
}
