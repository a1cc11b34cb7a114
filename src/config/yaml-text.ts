import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, parseDocument, visit, type Document, type Pair, type ParsedNode } from "yaml";
import { quoteRemedy, swallowingComment } from "./quote-remedy.ts";
import type { Fault, Finding, Path } from "./fault.ts";

export interface SourceFile {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

/** A YAML document as plain data that remembers where everything stands. */
export interface YamlText {
  /** undefined when the text is too broken to be looked at. */
  readonly value: unknown;
  /** Syntax errors, keys that are there twice, aliases that lead nowhere. */
  readonly faults: readonly Fault[];
  /** What is not there itself is located at the nearest thing around it. */
  readonly locate: (finding: Finding) => Fault;
}

interface Source extends SourceFile {
  readonly lines: LineCounter;
}

type Node = ParsedNode | null | undefined;

/** Our own file: YAML 1.2 with anchors, aliases and merge keys. */
export function readYaml(file: SourceFile): YamlText {
  const lines = new LineCounter();
  return toYamlText(parseDocument(file.text, { lineCounter: lines, prettyErrors: false, merge: true, logLevel: "error" }), { ...file, lines });
}

/** What YAML 1.1 has, but not the reader of kubectl (sigs.k8s.io/yaml): `12:30` and `2026-01-05` stay texts there. */
const foreignTags = ["timestamp", "binary", "omap", "pairs", "set"].map((name) => `tag:yaml.org,2002:${name}`);

/** Kubernetes objects as kubectl reads them, which is YAML 1.1: `defaultMode: 0644` is octal. Empty documents are left out. */
export function readYamlDocuments(file: SourceFile): readonly YamlText[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(file.text, {
    lineCounter: lines, prettyErrors: false, version: "1.1", logLevel: "error",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || (!foreignTags.includes(tag.tag) && !("format" in tag && tag.format === "TIME"))),
  });
  const texts = Array.isArray(documents) ? documents.map((document) => toYamlText(document, { ...file, lines })) : [];
  return texts.filter(({ value, faults }) => faults.length > 0 || (value !== null && value !== undefined));
}

function toYamlText(document: Document.Parsed, source: Source): YamlText {
  const lost = aliasFaults(document, source);
  const readable = lost.length === 0 && document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  return {
    // The library's limit of 100 aliases is meant for texts from strangers; hundreds of environments may share an anchor.
    value: readable ? document.toJS({ maxAliasCount: 100_000 }) : undefined,
    faults: [...syntaxFaults(document, source), ...lost],
    locate: (finding) => locate(document, source, finding),
  };
}

/** A value that its first character made a comment or a map was meant as a text. */
function locate(document: Document.Parsed, source: Source, { path, at, find, ...said }: Finding): Fault {
  const offset = offsetOf(document, path, at) + offsetWithin(document, { path, find, source });
  const isMistaken = / (?:is empty|must be a text, not a map)$/.test(said.message);
  const remedy = isMistaken ? quoted(source, `${source.text}\n`.indexOf("\n", offset)) : undefined;
  return faultAt(source, offset, remedy === undefined ? said : { ...said, remedy });
}

const remedies: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "keep one of the two; otherwise the last one would win silently",
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "put all entries of a map or list at the same column",
  MULTIPLE_DOCS: "remove the line `---`: the configuration is one document",
  MISSING_CHAR: "close the quotation marks or brackets",
  TAG_RESOLVE_FAILED: "remove the tag",
};

/** One at each place: what is said last knows what was meant. */
function syntaxFaults({ errors, warnings }: Document.Parsed, source: Source): readonly Fault[] {
  const faults = [...errors, ...warnings].map((error) => syntaxFault(error, source));
  return [...new Map(faults.map((fault) => [`${fault.line}:${fault.column}`, fault])).values()];
}

function syntaxFault({ code, message, pos: [start] }: Document.Parsed["errors"][number] | Document.Parsed["warnings"][number], source: Source): Fault {
  if (code === "DUPLICATE_KEY") return faultAt(source, start, { message: `the key ${wordAt(source.text, start)} is there twice`, remedy: remedies[code] ?? unreadable });
  const comment = /must be sufficiently indented|end with a/.test(message) ? swallowingComment(source.text, start) : undefined;
  if (comment !== undefined) return faultAt(source, comment, { message: "a comment begins here and takes the rest of the line with it", remedy: quoted(source, comment) ?? unreadable });
  const remedy = quoted(source, start) ?? closing(message) ?? remedies[code] ?? unreadable;
  return faultAt(source, start, { message: `this is no valid YAML${holdsSecret(source.text) ? "" : `: ${message.split(/[;\n]/)[0]}`}`, remedy });
}

function quoted({ text }: Source, offset: number): string | undefined {
  const remedy = quoteRemedy(text, offset);
  return remedy !== undefined && holdsSecret(text) ? "put the value in quotes: its first character means something else to YAML" : remedy;
}

const unreadable = "correct the syntax; the rest of the file is checked once it can be read";

/** The library calls a bracket that is never closed a wrong indent. */
function closing(message: string): string | undefined {
  const bracket = /end with a ([\]}])/.exec(message)?.[1];
  return bracket && `close the bracket with ${bracket}`;
}

function wordAt(text: string, offset: number): string {
  return /^[^\s:]*/.exec(text.slice(offset, offset + 80))?.[0] ?? "";
}

/** Aliases without an anchor, and anchors that hold themselves: the library notices them only while converting, and throws. */
function aliasFaults(document: Document.Parsed, source: Source): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias(_, alias) {
      const anchored = alias.resolve(document);
      const [start = 0] = alias.range ?? [];
      const name = holdsSecret(source.text) ? "…" : alias.source;
      const [from = 0, to = 0] = anchored?.range ?? [];
      if (!anchored) faults.push(faultAt(source, start, { message: `nothing is anchored as &${name}`, remedy: `anchor it above this place, or ${quoted(source, start) ?? "write the value out"}` }));
      else if (from <= start && start < to) faults.push(faultAt(source, start, { message: `*${name} contains itself`, remedy: "write the value out" }));
    },
  });
  return faults;
}

function faultAt({ file, text, lines }: Source, offset: number, said: Pick<Fault, "message" | "remedy">): Fault {
  const { line, col } = lines.linePos(Math.min(offset, Math.max(0, text.trimEnd().length - 1)));
  return { file, line: Math.max(1, line), column: Math.max(1, col), ...said, excerpt: holdsSecret(text) ? "" : (text.split(/\r?\n/, line)[line - 1] ?? "") };
}

/** Of a file with a Secret neither lines are shown nor what stands in them. */
function holdsSecret(text: string): boolean {
  return /^\s*["']?kind["']?\s*:\s*["']?Secret\b/m.test(text);
}

function offsetOf(document: Document.Parsed, path: Path, at: "key" | undefined): number {
  let node: Node = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const found = childOf(resolved(node, document), step, document);
    if (!found) return offset;
    node = found.value;
    offset = at === "key" && index === path.length - 1 ? found.key : (node?.range[0] ?? found.key);
  }
  return offset;
}

interface Sought {
  readonly path: Path;
  readonly find: string | undefined;
  readonly source: Source;
}

/** Where the part begins in the text of a value; 0 where it is written otherwise, with escapes or over several lines. */
function offsetWithin(document: Document.Parsed, { path, find, source }: Sought): number {
  const node = find === undefined ? undefined : resolved(document.getIn(path, true) as Node, document);
  return node && find !== undefined ? Math.max(0, source.text.slice(node.range[0], node.range[1]).indexOf(find)) : 0;
}

function resolved(node: Node, document: Document.Parsed): Node {
  return isAlias(node) ? (node.resolve(document) as Node) : node;
}

interface Child {
  /** Offset of the key, or of the item of a list. */
  readonly key: number;
  readonly value: Node;
}

function childOf(node: Node, step: PropertyKey, document: Document.Parsed): Child | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item && { key: item.range[0], value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair ? { key: pair.key.range[0], value: pair.value } : mergedChild(node.items, step, document);
}

/** What a map has through `<<: *anchor`. */
function mergedChild(pairs: readonly Pair<ParsedNode, ParsedNode | null>[], step: PropertyKey, document: Document.Parsed): Child | undefined {
  const values = pairs.filter(({ key }) => isScalar(key) && key.source === "<<").map(({ value }) => value);
  const sources = values.flatMap((value) => (isSeq(value) ? value.items : [value]));
  return sources.map((source) => childOf(resolved(source, document), step, document)).find((found) => found !== undefined);
}
