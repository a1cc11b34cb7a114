import type { FieldPath } from "./containers.ts";

/** Something that the API server would refuse, and where. */
export interface ObjectProblem {
  readonly path: FieldPath;
  /** The field should not be there at all: its name is meant, not its value. */
  readonly at?: "key";
  readonly message: string;
  readonly remedy: string;
  /** Said of a Secret instead: nothing of what is written there. */
  readonly ofSecret?: Pick<ObjectProblem, "message" | "remedy">;
}
