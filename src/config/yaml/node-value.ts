import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type ParsedNode,
  type YAMLMap,
} from "yaml";
import { aliasName, bindAliases, lostAlias } from "./aliases.ts";
import {
  breakOff,
  deeper,
  nodeSize,
  report,
  sizeOf,
  type Dialect,
  type DocumentReading,
  type Node,
  type NodeFault,
  type Position,
} from "./document-reading.ts";
import { isMerge, keyFault, type MapEntry } from "./map-keys.ts";
import { maxDepth, nestedTooDeeply } from "./nesting.ts";

export interface NodeValue {
  /** undefined: too broken to be read. */
  readonly value: unknown;
  readonly faults: readonly NodeFault[];
  /** What an alias stands for. */
  readonly target: (node: Node) => Node;
  /** What a key is called; undefined where it is not a key. */
  readonly keyOf: (key: Node) => string | undefined;
}

/** How much aliases may add in all: about as much as go-yaml lets pass in a small document. */
const maxExpandedSize = 8 * 1024 * 1024;

/** A document as JSON. Time and size are bounded by the length of the text and `maxExpandedSize`. */
export function nodeValue(
  document: Document.Parsed,
  { text, dialect }: { readonly text: string; readonly dialect: Dialect },
): NodeValue {
  const anchored = bindAliases(document);
  const target = (node: Node): Node => (isAlias(node) ? anchored.get(node) : node);
  const keyOf = (key: Node): string | undefined => {
    const meant = target(key);
    return isScalar(meant) ? dialect.scalars.key(meant) : undefined;
  };
  const reading: DocumentReading = {
    text,
    dialect,
    target,
    keyOf,
    faults: [],
    open: new Set(),
    expanded: 0,
    isBroken: false,
  };
  const value = read(document.contents, { reading, depth: 0, inAlias: false });
  return { value: reading.isBroken ? undefined : value, faults: reading.faults, target, keyOf };
}

function read(node: Node, at: Position): unknown {
  const { reading } = at;
  if (!node || reading.isBroken) return null;
  if (isAlias(node)) return readAlias(node, at);
  if (at.depth > maxDepth) return breakOff(node, at, nestedTooDeeply);
  if (at.inAlias && (reading.expanded += sizeOf(node)) > maxExpandedSize) {
    return breakOff(node, at, {
      message: "aliases repeat too much: expanded, the document would be too large",
      remedy: "use fewer aliases, or split it into several documents",
    });
  }
  if (isScalar(node)) return readScalar(node, at);
  reading.open.add(node);
  const value = isSeq(node) ? node.items.map((item) => read(item, deeper(at))) : readMap(node, at);
  reading.open.delete(node);
  return value;
}

function readAlias(alias: Alias.Parsed, at: Position): unknown {
  const { target, open, text } = at.reading;
  const anchored = target(alias);
  if (!anchored) return breakOff(alias, at, lostAlias(alias, text));
  if (open.has(anchored)) {
    return breakOff(alias, at, {
      message: `*${aliasName(alias, text)} contains itself`,
      remedy: "write the value out",
    });
  }
  return read(anchored, { ...at, inAlias: true });
}

function readScalar(
  scalar: ParsedNode & { readonly source?: string },
  { reading }: Position,
): unknown {
  const found = isScalar(scalar) ? reading.dialect.scalars.value(scalar) : { value: null };
  if ("value" in found) return found.value;
  report(reading, { offset: scalar.range[0], ...found });
  return scalar.source;
}

function readMap(map: YAMLMap.Parsed, at: Position): unknown {
  const own = new Map<string, unknown>();
  const merged = new Map<string, unknown>();
  const [first, ...others] = map.items.filter(isMerge);
  for (const { key } of others) {
    report(at.reading, {
      offset: key.range[0],
      message: "the key << is repeated",
      remedy: "write << once, with a list of maps",
    });
  }
  for (const pair of map.items) {
    if (pair === first) merge(pair, { own, merged }, at);
    else if (!isMerge(pair)) readEntry(pair, own, at);
  }
  return Object.fromEntries([...merged, ...own]);
}

function readEntry({ key, value }: MapEntry, own: Map<string, unknown>, at: Position): void {
  const name = at.reading.keyOf(key);
  const content = read(value, deeper(at));
  const fault = keyFault(key, { name, own }, at);
  if (fault) report(at.reading, { offset: key.range[0], ...fault });
  if (name !== undefined) own.set(name, content);
}

function merge(
  { key, value }: MapEntry,
  {
    own,
    merged,
  }: { readonly own: ReadonlyMap<string, unknown>; readonly merged: Map<string, unknown> },
  at: Position,
): void {
  const { reading } = at;
  const sources = isSeq(value) ? value.items : [value];
  for (const source of sources) {
    if (!isMap(reading.target(source))) {
      report(reading, {
        offset: source?.range[0] ?? key.range[0],
        message: "<< needs a map, or a list of maps",
        remedy: "anchor a map and refer to it here",
      });
    }
    const entries = Object.entries(read(source, deeper(at)) ?? {}).filter(
      ([name]) => !merged.has(name),
    );
    reading.expanded += entries.length * nodeSize;
    for (const [name, content] of entries) merged.set(name, content);
    const above = entries.find(([name]) => own.has(name))?.[0];
    if (above !== undefined && reading.dialect.entryAboveMerge === "refused") {
      report(reading, {
        offset: key.range[0],
        message: `<< overrides ${above} above it for some parsers and not for others`,
        remedy: "move << to the top of the map",
      });
    }
  }
}
