import { isMap, isScalar, LineCounter, parseAllDocuments, parseDocument, type Document } from "yaml";
import type { Fault, Path, PathFault } from "./fault.ts";

/** A YAML text that remembers where everything stands. */
export interface YamlText {
  readonly value: unknown;
  /** Syntax errors and duplicate keys. */
  readonly faults: readonly Fault[];
  locate(fault: PathFault): Fault;
}

/** YAML 1.2; anchors and aliases are allowed, keys twice are not. */
export function readYaml(file: string, text: string): YamlText {
  const lines = new LineCounter();
  return yamlText({ file, text, lines }, parseDocument(text, { lineCounter: lines, prettyErrors: false }));
}

/** Every document of a file with several, empty ones left out. */
export function readYamlDocuments(file: string, text: string): readonly YamlText[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  return Array.isArray(documents) ? documents.filter(({ contents }) => contents !== null).map((document) => yamlText({ file, text, lines }, document)) : [];
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

function yamlText(source: Source, document: Document): YamlText {
  return {
    value: document.errors.length > 0 ? undefined : document.toJS(),
    faults: document.errors.map(({ pos, message }) => faultAt(source, pos[0], message)),
    locate: ({ path, message, at }) => faultAt(source, offsetOf(document, path, at), message),
  };
}

function faultAt({ file, text, lines }: Source, offset: number, message: string): Fault {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col), source: text.split("\n")[line - 1] ?? "", message };
}

/** The node itself, or, when it is missing, the nearest that is there. */
function offsetOf(document: Document, path: Path, at: "key" | undefined): number {
  for (let length = path.length; length > 0; length -= 1) {
    const found = path.slice(0, length);
    const offset = at === "key" && length === path.length ? keyOffset(document, found) : valueOffset(document, found);
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyOffset(document: Document, path: Path): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

function valueOffset(document: Document, path: Path): number | undefined {
  const node = document.getIn(path, true);
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : undefined;
}
