import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { holdsSecret } from "../holds-secret.ts";
import { quotedValue } from "../quote-remedy.ts";
import { deepest, nestedTooDeeply } from "./nesting.ts";
import type { Said, ScalarReader } from "./scalar-readers.ts";

export type Node = ParsedNode | null | undefined;

/** A fault by its place in the text of the document. */
export interface NodeFault extends Said {
  readonly offset: number;
}

export interface NodeValue {
  /** undefined: too broken to be looked at. */
  readonly value: unknown;
  readonly faults: readonly NodeFault[];
  /** What an alias stands for. */
  readonly target: (node: Node) => Node;
  /** What a key is called; undefined where it is none. */
  readonly keyOf: (key: Node) => string | undefined;
}

/** How scalars are read, and how strictly merge keys. */
export interface Dialect {
  readonly scalars: ScalarReader;
  /**
   * `refused`: readers of YAML differ in what becomes of an entry that stands above a merge key
   * which has it too.
   */
  readonly entryAboveMerge: "wins" | "refused";
}

/** In characters. */
const nodeSize = 32;

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
  const reading: Reading = {
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

interface Reading {
  readonly text: string;
  readonly dialect: Dialect;
  readonly target: (node: Node) => Node;
  readonly keyOf: (key: Node) => string | undefined;
  readonly faults: NodeFault[];
  /** What is being read just now, from the top down. */
  readonly open: Set<Node>;
  expanded: number;
  /** Nothing more is read. */
  isBroken: boolean;
}

interface At {
  readonly reading: Reading;
  readonly depth: number;
  readonly inAlias: boolean;
}

/** An anchor counts from where it stands to the next one of that name. */
function bindAliases(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const bound = new Map<Alias, Node>();
  visit(document, {
    Alias: (_, alias) => void bound.set(alias, anchors.get(alias.source)),
    Value: (_, node) =>
      void (node.anchor === undefined || anchors.set(node.anchor, node as ParsedNode)),
  });
  return bound;
}

function read(node: Node, at: At): unknown {
  const { reading } = at;
  if (!node || reading.isBroken) return null;
  if (isAlias(node)) return readAlias(node, at);
  if (at.depth > deepest) return broken(node, at, nestedTooDeeply);
  if (at.inAlias && (reading.expanded += sizeOf(node)) > maxExpandedSize) {
    return broken(node, at, {
      message: "aliases repeat too much: written out the document would be too large",
      remedy: "anchor less, or write it as several documents",
    });
  }
  if (isScalar(node)) return readScalar(node, at);
  reading.open.add(node);
  const value = isSeq(node) ? node.items.map((item) => read(item, below(at))) : readMap(node, at);
  reading.open.delete(node);
  return value;
}

function readAlias(alias: Alias.Parsed, at: At): unknown {
  const { target, open, text } = at.reading;
  const anchored = target(alias);
  if (!anchored) return broken(alias, at, lostAlias(alias, text));
  if (open.has(anchored)) {
    return broken(alias, at, {
      message: `*${nameOf(alias, text)} contains itself`,
      remedy: "write the value out",
    });
  }
  return read(anchored, { ...at, inAlias: true });
}

function lostAlias(alias: Alias.Parsed, text: string): Said {
  const remedy = `anchor it above this place, or ${quotedValue(text, alias.range[0]) ?? "write the value out"}`;
  return { message: `nothing is anchored as &${nameOf(alias, text)}`, remedy };
}

function nameOf({ source }: Alias, text: string): string {
  return holdsSecret(text) ? "…" : source;
}

function readScalar(scalar: ParsedNode & { readonly source?: string }, { reading }: At): unknown {
  const found = isScalar(scalar) ? reading.dialect.scalars.value(scalar) : { value: null };
  if ("value" in found) return found.value;
  tell(reading, { offset: scalar.range[0], ...found });
  return scalar.source;
}

type Entry = Pair<ParsedNode, ParsedNode | null>;

function readMap(map: YAMLMap.Parsed, at: At): unknown {
  const own = new Map<string, unknown>();
  const merged = new Map<string, unknown>();
  const [first, ...others] = map.items.filter(isMerge);
  for (const { key } of others) {
    tell(at.reading, {
      offset: key.range[0],
      message: "the key << is there twice",
      remedy: "write << once, with a list of maps",
    });
  }
  for (const pair of map.items) {
    if (pair === first) merge(pair, { own, merged }, at);
    else if (!isMerge(pair)) readEntry(pair, own, at);
  }
  return Object.fromEntries([...merged, ...own]);
}

function readEntry({ key, value }: Entry, own: Map<string, unknown>, at: At): void {
  const name = at.reading.keyOf(key);
  const content = read(value, below(at));
  const fault = keyFault(key, { name, own }, at);
  if (fault) tell(at.reading, { offset: key.range[0], ...fault });
  if (name !== undefined) own.set(name, content);
}

interface Named {
  readonly name: string | undefined;
  readonly own: ReadonlyMap<string, unknown>;
}

function keyFault(key: ParsedNode, { name, own }: Named, at: At): Said | undefined {
  if (isScalar(key) && isOverLines(key, at)) {
    return { message: "a key goes over several lines", remedy: "write it on one line" };
  }
  if (name === undefined) {
    return {
      message: "this cannot be a key",
      remedy: "write a text; what begins with a brace or a bracket needs quotes",
    };
  }
  if (!own.has(name)) return undefined;
  return {
    message: `the key ${name} is there twice`,
    remedy: "keep one of the two; otherwise the last one would win silently",
  };
}

/**
 * Other readers look for the colon on the same line; a block scalar behind a question mark is a key
 * that means it.
 */
function isOverLines(
  { type, range: [start, end] }: Scalar.Parsed,
  { reading: { text } }: At,
): boolean {
  return (
    type !== "BLOCK_LITERAL" && type !== "BLOCK_FOLDED" && text.slice(start, end).includes("\n")
  );
}

/** `<<` without quotes, as YAML 1.1 has it (yaml.org/type/merge.html). */
export function isMerge({ key }: Entry): boolean {
  return (
    isScalar(key) &&
    key.source === "<<" &&
    (key.tag === "tag:yaml.org,2002:merge" || (key.tag === undefined && key.type === "PLAIN"))
  );
}

interface Entries {
  readonly own: ReadonlyMap<string, unknown>;
  readonly merged: Map<string, unknown>;
}

function merge({ key, value }: Entry, { own, merged }: Entries, at: At): void {
  const { reading } = at;
  const sources = isSeq(value) ? value.items : [value];
  for (const source of sources) {
    if (!isMap(reading.target(source))) {
      tell(reading, {
        offset: source?.range[0] ?? key.range[0],
        message: "<< takes a map, or a list of maps",
        remedy: "anchor a map and name it here",
      });
    }
    const entries = Object.entries(read(source, below(at)) ?? {}).filter(
      ([name]) => !merged.has(name),
    );
    reading.expanded += entries.length * nodeSize;
    for (const [name, content] of entries) merged.set(name, content);
    const above = entries.find(([name]) => own.has(name))?.[0];
    if (above !== undefined && reading.dialect.entryAboveMerge === "refused") {
      tell(reading, {
        offset: key.range[0],
        message: `<< replaces ${above}, which stands above it, for some readers and not for others`,
        remedy: "move << to the top of the map",
      });
    }
  }
}

/** What has more faults is not what somebody wrote. */
export const maxFaults = 100;

function tell({ faults }: Reading, fault: NodeFault): void {
  if (faults.length < maxFaults) faults.push(fault);
}

function below({ depth, ...at }: At): At {
  return { ...at, depth: depth + 1 };
}

function sizeOf(node: ParsedNode): number {
  return nodeSize + (isScalar(node) ? node.source.length : 0);
}

function broken(node: ParsedNode, { reading }: At, said: Said): null {
  reading.isBroken = true;
  tell(reading, { offset: node.range[0], ...said });
  return null;
}
