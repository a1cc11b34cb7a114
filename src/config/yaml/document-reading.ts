import { isScalar, type ParsedNode } from "yaml";
import type { FaultText, ScalarReader } from "./scalar-readers.ts";

export type Node = ParsedNode | null | undefined;

/** A fault by its place in the text of the document. */
export interface NodeFault extends FaultText {
  readonly offset: number;
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

/** What is known while a document is read. */
export interface DocumentReading {
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

/** Where the reader stands in it. */
export interface Position {
  readonly reading: DocumentReading;
  readonly depth: number;
  readonly inAlias: boolean;
}

/** In characters. */
export const nodeSize = 32;

/** A document with more faults was not written by a person. */
export const maxFaults = 100;

export function report({ faults }: DocumentReading, fault: NodeFault): void {
  if (faults.length < maxFaults) faults.push(fault);
}

export function deeper({ depth, ...at }: Position): Position {
  return { ...at, depth: depth + 1 };
}

export function sizeOf(node: ParsedNode): number {
  return nodeSize + (isScalar(node) ? node.source.length : 0);
}

export function breakOff(node: ParsedNode, { reading }: Position, said: FaultText): null {
  reading.isBroken = true;
  report(reading, { offset: node.range[0], ...said });
  return null;
}
