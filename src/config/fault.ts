/** One thing that is wrong, where it is and what would be right. */
export interface Fault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The line as written, for the caret. */
  readonly source: string;
  readonly message: string;
}

/** Where in a document something is: keys and indexes from the top. */
export type Path = readonly PropertyKey[];

export interface PathFault {
  readonly path: Path;
  readonly message: string;
  /** The key of the entry is wrong, not its value. */
  readonly at?: "key" | undefined;
}
