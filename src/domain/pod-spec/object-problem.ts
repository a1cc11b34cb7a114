/** Something that the API server would refuse, and where. */
export interface ObjectProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}
