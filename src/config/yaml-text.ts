import { isMap, isSeq, type Pair, type ParsedNode } from "yaml";
import { faultPlaces, type FaultPlace } from "./fault-places.ts";
import type { Fault, Finding } from "./fault.ts";
import { quotedValue } from "./quote-remedy.ts";
import type { Node, NodeFault } from "./yaml/document-reading.ts";
import { forbiddenCharacters } from "./yaml/forbidden-characters.ts";
import { kubectlChunks, type Chunk } from "./yaml/kubectl-chunks.ts";
import { isMerge } from "./yaml/map-keys.ts";
import {
  parseCore,
  parseForKubectl,
  parseJson,
  type ParsedDocument,
} from "./yaml/parse-document.ts";

export interface SourceFile {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

/** A YAML document as plain data that remembers where everything stands. */
export interface YamlText {
  readonly file: string;
  /** undefined when the text is too broken to be read. */
  readonly value: unknown;
  /** Syntax errors, keys that are there twice, aliases that lead nowhere. */
  readonly faults: readonly Fault[];
  /** What is missing is located at the nearest thing around it. */
  readonly locate: (finding: Finding) => Fault;
}

/** Our own file: YAML 1.2 with anchors, aliases and merge keys. */
export function readYaml(source: SourceFile): YamlText {
  return toYamlText(parseCore(source.text), { ...source, offset: 0, place: faultPlaces(source) });
}

/** Kubernetes objects as kubectl reads them. Empty documents are left out. */
export function readYamlDocuments(source: SourceFile): readonly YamlText[] {
  const place = faultPlaces(source);
  const texts = kubectlChunks(source.text).map((chunk) =>
    readChunk(chunk, { ...source, offset: chunk.offset, place }),
  );
  return texts.filter(
    ({ value, faults }) => faults.length > 0 || (value !== null && value !== undefined),
  );
}

function readChunk({ kind, text, misplaced }: Chunk, at: DocumentSource): YamlText {
  if (kind === "json" && !misplaced) return toYamlText(parseJson(text), at);
  const forbidden: readonly NodeFault[] = misplaced
    ? [{ offset: 0, ...misplaced }]
    : forbiddenCharacters(text);
  if (forbidden.length === 0) return toYamlText(parseForKubectl(text), at);
  return toYamlText({ ...parseForKubectl(""), value: undefined, faults: forbidden }, at);
}

/** A file, and where a document of it begins. */
interface DocumentSource extends SourceFile {
  readonly offset: number;
  readonly place: FaultPlace;
}

function toYamlText(document: ParsedDocument, source: DocumentSource): YamlText {
  const at = (offset: number): number => source.offset + document.originalOffset(offset);
  return {
    file: source.file,
    value: document.value,
    faults: document.faults.map(({ offset, ...said }) => source.place(at(offset), said)),
    locate: (finding) => {
      const offset = at(offsetOf(document, finding));
      return source.place(offset, {
        ...finding,
        remedy: quotingRemedy(finding, { source, offset }) ?? finding.remedy,
      });
    },
  };
}

/** A value that its first character made a comment or a map was meant as a text. */
function quotingRemedy(
  { message }: Finding,
  { source: { text }, offset }: { readonly source: DocumentSource; readonly offset: number },
): string | undefined {
  return / (?:is empty|must be a string, not a map)$/.test(message)
    ? quotedValue(text, `${text}\n`.indexOf("\n", offset))
    : undefined;
}

function offsetOf(document: ParsedDocument, { path, at, find }: Finding): number {
  let node = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const found = childOf(document.target(node), step, document);
    if (!found) return offset;
    node = found.value;
    offset = at === "key" && index === path.length - 1 ? found.key : (node?.range[0] ?? found.key);
  }
  return find === undefined
    ? offset
    : (offsetWithin(document, { node: document.target(node), find }) ?? offset);
}

/** undefined where the part is written otherwise, with escapes or over several lines. */
function offsetWithin(
  { text }: ParsedDocument,
  { node, find }: { readonly node: Node; readonly find: string },
): number | undefined {
  if (!node) return undefined;
  const within = text.slice(node.range[0], node.range[1]).indexOf(find);
  return within < 0 ? undefined : node.range[0] + within;
}

interface Child {
  /** Offset of the key, or of the item of a list. */
  readonly key: number;
  readonly value: Node;
}

function childOf(node: Node, step: PropertyKey, document: ParsedDocument): Child | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item && { key: item.range[0], value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast(({ key }) => document.keyOf(key) === String(step));
  return pair
    ? { key: pair.key.range[0], value: pair.value }
    : mergedChild(node.items, step, document);
}

/** What a map has through `<<: *anchor`. */
function mergedChild(
  pairs: readonly Pair<ParsedNode, ParsedNode | null>[],
  step: PropertyKey,
  document: ParsedDocument,
): Child | undefined {
  const values = pairs.filter(isMerge).map(({ value }) => document.target(value));
  const sources = values.flatMap((value) => (isSeq(value) ? value.items : [value]));
  return sources
    .map((source) => childOf(document.target(source), step, document))
    .find((found) => found !== undefined);
}
