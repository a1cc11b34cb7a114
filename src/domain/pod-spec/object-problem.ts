import type { FieldPath } from "./containers.ts";

/** Something that the API server would refuse, and where. */
export interface ObjectProblem {
  readonly path: FieldPath;
  /** The field should not be there at all: its name is meant, not its value. */
  readonly at?: "key";
  readonly message: string;
  readonly remedy: string;
}
