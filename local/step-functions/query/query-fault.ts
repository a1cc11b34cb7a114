/**
 * An expression that could not be evaluated, or gave what its field does not take:
 * `States.QueryEvaluationError`.
 */
export class QueryFault extends Error {
  override readonly name = "QueryFault";
  /** The field within the state, such as `Choices[1]/Condition` or `Output/a/b[0]`. */
  readonly location: string;

  constructor(location: string, message: string) {
    super(message);
    this.location = location;
  }
}
