import type { ExecutionBook, StateMachine } from "../executions/execution-book.ts";
import type { Execution } from "../executions/execution.ts";
import { ApiError, executionDoesNotExist, stateMachineDoesNotExist } from "./api-error.ts";

export function findMachine(book: ExecutionBook, arn: string): StateMachine {
  assertArn(arn, "stateMachine");
  const machine = book.machines.get(arn);
  if (!machine) throw stateMachineDoesNotExist(arn);
  return machine;
}

export function findExecution(book: ExecutionBook, arn: string): Execution {
  assertArn(arn, "execution");
  const execution = book.executions.find(arn);
  if (!execution) throw executionDoesNotExist(arn);
  return execution;
}

function assertArn(arn: string, kind: "stateMachine" | "execution"): void {
  const parts = arn.split(":");
  if (parts[0] === "arn" && parts[2] === "states" && parts[5] === kind && parts.length >= 7) return;
  throw new ApiError("InvalidArn", `Invalid Arn: '${arn}'`);
}
