import * as z from "zod";
import type { ExecutionBook } from "../executions/execution-book.ts";
import { ApiError } from "./api-error.ts";

/**
 * One action of the API: what its request must look like, which resource IAM checks, and what it
 * answers.
 */
export interface ApiOperation {
  readonly access: "read" | "write";
  resourceOf(request: Readonly<Record<string, unknown>>, book: ExecutionBook): string;
  answer(book: ExecutionBook, request: unknown): object;
}

interface Definition<S extends z.ZodType> {
  readonly shape: S;
  readonly access: "read" | "write";
  /** The field that holds the ARN. */
  readonly resource?: string;
  readonly resourceOf?: ApiOperation["resourceOf"];
  readonly answer: (book: ExecutionBook, request: z.output<S>) => object;
}

export function operation<S extends z.ZodType>({
  shape,
  access,
  resource,
  resourceOf,
  answer,
}: Definition<S>): ApiOperation {
  return {
    access,
    resourceOf:
      resourceOf ??
      ((request) => textOr(resource === undefined ? undefined : request[resource], "*")),
    answer: (book, request) => answer(book, validated(shape, request)),
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

function validated<S extends z.ZodType>(shape: S, request: unknown): z.output<S> {
  const result = shape.safeParse(request);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `Value at '${path.join(".")}' failed to satisfy constraint: ${message}`,
  );
  throw new ApiError(
    "ValidationException",
    `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: ${faults.join("; ")}`,
  );
}

const missing = "Member must not be null";

/** A member that must be there. */
export function text(most: number): z.ZodString {
  return z
    .string({ error: missing })
    .min(1, { error: "Member must have length greater than or equal to 1" })
    .max(most, { error: `Member must have length less than or equal to ${most}` });
}

export function optionalText(most: number): z.ZodOptional<z.ZodNullable<z.ZodString>> {
  return z
    .string()
    .max(most, { error: `Member must have length less than or equal to ${most}` })
    .nullable()
    .optional();
}

/** "The default is 100 and the maximum allowed page size is 1000. A value of 0 uses the default." */
export const pageFields = {
  maxResults: z
    .int()
    .min(0, { error: "Member must have value greater than or equal to 0" })
    .max(1_000, { error: "Member must have value less than or equal to 1000" })
    .nullable()
    .optional(),
  nextToken: optionalText(1_024),
};
