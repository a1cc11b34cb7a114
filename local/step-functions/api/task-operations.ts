import * as z from "zod";
import type { ExecutionBook } from "../executions/execution-book.ts";
import type { TokenHolder } from "../executions/task-tokens.ts";
import { maxData } from "../interpreter/visit.ts";
import { ApiError, invalidToken } from "./api-error.ts";
import { operation, optionalText, text, type ApiOperation } from "./operation.ts";

const taskToken = text(2_048);
const output = z
  .string({ error: "Member must not be null" })
  .refine((value) => Buffer.byteLength(value) <= maxData, {
    error: `Member must have length less than or equal to ${maxData}`,
  });

/** IAM checks these on the state machine that the token belongs to. */
const resourceOf: ApiOperation["resourceOf"] = ({ taskToken: token }, book) => {
  const arn = typeof token === "string" ? book.tokens.executionOf(token) : undefined;
  return arn === undefined
    ? "*"
    : arn.replace(":execution:", ":stateMachine:").split(":").slice(0, 7).join(":");
};

export const taskOperations = {
  SendTaskSuccess: operation({
    access: "write",
    resourceOf,
    shape: z.object({ taskToken, output }),
    answer(book, request) {
      const holder = holderOf(book, request.taskToken);
      assertJson(request.output);
      holder.succeed(request.output);
      return {};
    },
  }),
  SendTaskFailure: operation({
    access: "write",
    resourceOf,
    shape: z.object({ taskToken, error: optionalText(256), cause: optionalText(32_768) }),
    answer(book, { taskToken: token, error, cause }) {
      holderOf(book, token).fail(error ?? undefined, cause ?? undefined);
      return {};
    },
  }),
};

/**
 * TaskTimedOut: "The task token has either expired or the task associated with the token has
 * already been closed."
 */
function holderOf(book: ExecutionBook, token: string): TokenHolder {
  const found = book.tokens.find(token);
  switch (found.kind) {
    case "waiting":
      return found.holder;
    case "forged":
      throw invalidToken();
    case "closed":
    default:
      if (book.executions.find(found.executionArn)) {
        throw new ApiError(
          "TaskTimedOut",
          "Task Timed Out: 'Provided task does not exist anymore'",
        );
      }
      throw new ApiError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
  }
}

function assertJson(value: string): void {
  try {
    JSON.parse(value);
  } catch (error) {
    throw new ApiError("InvalidOutput", `Invalid Output: '${String(error)}'`);
  }
}
