import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { parseJson } from "../json-value.ts";
import type { Operation, ServiceRequest, ServiceResponse } from "../service.ts";
import { unsupported } from "../unsupported.ts";

/** What a call comes to: the answer's body, or the service's own error. */
export type Outcome =
  | { readonly kind: "ok"; readonly body: Readonly<Record<string, unknown>> | undefined }
  | {
      readonly kind: "error";
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** One call of an AWS JSON service. */
export interface JsonOperation {
  readonly access: Operation["access"];
  /** What IAM sees; undefined when the input does not have the form of this call. */
  view(input: unknown): Pick<Operation, "resources" | "conditions"> | undefined;
  run(input: unknown): Outcome;
}

export interface JsonProtocol {
  /** The part of `X-Amz-Target` before the dot. */
  readonly target: string;
  /** IAM's name of the service: `events` of `events:PutEvents`. */
  readonly iam: string;
  readonly contentType: "application/x-amz-json-1.0" | "application/x-amz-json-1.1";
  readonly operations: Readonly<Record<string, JsonOperation>>;
}

export function ok(body?: Readonly<Record<string, unknown>>): Outcome {
  return { kind: "ok", body };
}

export function refused(
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Outcome {
  return { kind: "error", code, message, headers };
}

/**
 * Joins the form of a call's input with what it does, so that neither sees anything but parsed
 * input.
 */
export function jsonOperation<S extends z.ZodType>(call: {
  readonly input: S;
  readonly access: Operation["access"];
  readonly view: (input: z.output<S>) => Pick<Operation, "resources" | "conditions">;
  readonly run: (input: z.output<S>) => Outcome;
}): JsonOperation {
  return {
    access: call.access,
    view(input) {
      const parsed = call.input.safeParse(input);
      return parsed.success ? call.view(parsed.data) : undefined;
    },
    run(input) {
      const parsed = call.input.safeParse(input);
      return parsed.success
        ? call.run(parsed.data)
        : refused("ValidationException", violations(parsed.error));
    },
  };
}

export function jsonOperationView(
  protocol: JsonProtocol,
  request: ServiceRequest,
): Operation | undefined {
  const name = operationName(protocol, request);
  const operation = protocol.operations[name];
  if (!operation) return undefined;
  const view = operation.view(inputOf(request)) ?? { resources: [] };
  return { action: `${protocol.iam}:${name}`, access: operation.access, ...view };
}

export function answerJson(protocol: JsonProtocol, request: ServiceRequest): ServiceResponse {
  return response(protocol, outcomeOf(protocol, request));
}

function outcomeOf(protocol: JsonProtocol, request: ServiceRequest): Outcome {
  const operation = protocol.operations[operationName(protocol, request)];
  if (!operation) {
    const [, name = ""] = (request.headers["x-amz-target"] ?? "").split(".");
    return refused("UnknownOperationException", unsupported(`${protocol.iam}:${name}`));
  }
  const input = inputOf(request);
  return input === undefined
    ? refused("SerializationException", "The request body is not valid JSON.")
    : operation.run(input);
}

function operationName(protocol: JsonProtocol, request: ServiceRequest): string {
  const [target, name = ""] = (request.headers["x-amz-target"] ?? "").split(".");
  return target === protocol.target && Object.hasOwn(protocol.operations, name) ? name : "";
}

function inputOf(request: ServiceRequest): unknown {
  return parseJson(request.body.toString("utf8") || "{}");
}

/** AWS words violations of its model so, with the name in lower camel case; it also shows the value. */
function violations(error: z.ZodError): string {
  const found = error.issues.map(
    ({ path, message }) =>
      `Value at '${path.map(lowerFirst).join(".")}' failed to satisfy constraint: ${message}`,
  );
  return `${found.length} validation error${found.length === 1 ? "" : "s"} detected: ${found.join("; ")}`;
}

function lowerFirst(key: PropertyKey): string {
  const text = String(key);
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/**
 * JSON errors name their type in `__type`, status 400 (smithy.io, "AWS JSON 1.0 / 1.1 protocol",
 * operation error serialization).
 */
function response({ contentType }: JsonProtocol, outcome: Outcome): ServiceResponse {
  const headers = { "content-type": contentType, "x-amzn-requestid": randomUUID() };
  if (outcome.kind === "ok") {
    return outcome.body
      ? { status: 200, headers, body: JSON.stringify(outcome.body) }
      : { status: 200, headers };
  }
  const body = JSON.stringify({ __type: outcome.code, message: outcome.message });
  return { status: 400, headers: { ...headers, ...outcome.headers }, body };
}
