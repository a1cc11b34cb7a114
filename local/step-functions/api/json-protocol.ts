import { randomUUID } from "node:crypto";
import { isObject, type JsonObject } from "../../json-value.ts";
import type { ServiceRequest, ServiceResponse } from "../../service.ts";
import { unsupported } from "../../unsupported.ts";
import type { ExecutionBook } from "../executions/execution-book.ts";
import { ApiError } from "./api-error.ts";
import { executionOperations } from "./execution-operations.ts";
import type { ApiOperation } from "./operation.ts";
import { taskOperations } from "./task-operations.ts";

const operations = new Map<string, ApiOperation>(
  Object.entries({ ...executionOperations, ...taskOperations }),
);

export interface ApiCall {
  readonly action: string;
  readonly operation: ApiOperation;
  readonly body: JsonObject;
}

/** undefined: not a request that this API knows. */
export function readCall(request: ServiceRequest): ApiCall | undefined {
  const action = actionOf(request);
  const operation = operations.get(action);
  const body = bodyOf(request);
  return operation && body ? { action, operation, body } : undefined;
}

/**
 * AWS JSON 1.0: `X-Amz-Target` names the action; an error has `__type`, `message` and the header
 * x-amzn-errortype.
 */
export function answerCall(book: ExecutionBook, request: ServiceRequest): ServiceResponse {
  try {
    const action = actionOf(request);
    const operation = operations.get(action);
    if (!operation) {
      throw new ApiError("UnknownOperationException", unsupported(`states:${action}`));
    }
    const body = bodyOf(request);
    if (!body) {
      throw new ApiError("SerializationException", "the body of the request is not a JSON object");
    }
    return response(200, operation.answer(book, body));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const type = `${namespaces[error.type] ?? "com.amazonaws.swf.service.v2.model"}#${error.type}`;
    return response(
      400,
      { __type: type, message: error.message },
      { "x-amzn-errortype": error.type },
    );
  }
}

const namespaces: Readonly<Record<string, string>> = {
  ValidationException: "com.amazon.coral.validate",
  UnknownOperationException: "com.amazon.coral.service",
  SerializationException: "com.amazon.coral.service",
};

function actionOf({ method, headers }: ServiceRequest): string {
  const [, action = ""] = /^AWSStepFunctions\.(\w+)$/.exec(headers["x-amz-target"] ?? "") ?? [];
  return method === "POST" ? action : "";
}

function bodyOf({ body }: ServiceRequest): JsonObject | undefined {
  try {
    const value = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function response(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ServiceResponse {
  return {
    status,
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": randomUUID(),
      ...headers,
    },
  };
}
