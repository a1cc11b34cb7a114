/** An error of the API's model, with the name that SDKs make typed exceptions of. */
export class ApiError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

export const executionDoesNotExist = (arn: string): ApiError =>
  new ApiError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
export const stateMachineDoesNotExist = (arn: string): ApiError =>
  new ApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
export const invalidToken = (): ApiError =>
  new ApiError("InvalidToken", "Invalid Token: 'Invalid token'");
