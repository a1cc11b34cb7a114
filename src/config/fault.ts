/**
 * One thing that is wrong in promoter.yml or in a file of a pod spec: where it is, and what would
 * be right.
 */
export interface Fault {
  /** Relative to the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  /** What to write or do instead. */
  readonly remedy: string;
  /** The line as written; empty where it could hold a secret. */
  readonly excerpt: string;
}

/** Keys and indexes from the top of a document. */
export type Path = readonly PropertyKey[];

/** A fault whose place in the text is not known yet. */
export interface Finding {
  readonly path: Path;
  /** The key of the entry is wrong, not its value. */
  readonly at?: "key";
  /** The part of a text that is meant, as it stands in the file. */
  readonly find?: string;
  readonly message: string;
  readonly remedy: string;
}

/**
 * The configuration first, then file by file from top to bottom; what two environments share is
 * reported once.
 */
export function inReadingOrder(faults: readonly Fault[], configuration: string): readonly Fault[] {
  const distinct = [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
  const rank = ({ file }: Fault): string => (file === configuration ? "" : file);
  return distinct.toSorted(
    (one, other) =>
      compareTexts(rank(one), rank(other)) || one.line - other.line || one.column - other.column,
  );
}

function compareTexts(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}
